import { systemClock } from "@scouter/contracts/core";
import { errors } from "../errors.ts";
import { retryAfterMs } from "../transport/retry-after.ts";
import { jsonObject } from "./json-object.ts";
import type { ServerSession } from "./server-session.ts";
import { readServerProblem, refusedRequest } from "./server-problem.ts";

export interface HttpTarget {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly session: ServerSession;
  readonly timeoutMs: number;
}

export interface HttpCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Begins with a slash. */
  readonly path: string;
  /** A list repeats its name. */
  readonly query?: Readonly<
    Record<string, string | number | boolean | readonly string[] | undefined>
  >;
  readonly body?: unknown;
}

/**
 * One request, one attempt (two when the server asked for a login in between), JSON both ways.
 *
 * @throws SDK_SERVER_UNREACHABLE, SDK_REQUEST_TIMED_OUT, SDK_REPLY_INVALID, or the error of the reply's status
 */
export async function requestJson<Reply extends object>(
  target: HttpTarget,
  call: HttpCall,
): Promise<Reply> {
  const request = `${call.method} ${call.path}`;
  const { status, retryAfter, text } = await exchange(target, call, request);
  if (status < 200 || status > 299) {
    const pauseMs = retryAfterMs(retryAfter, systemClock.now());
    throw refusedRequest(request, readServerProblem(status, text), pauseMs);
  }
  const reply = jsonObject(text);
  if (reply === undefined) {
    throw errors.SDK_REPLY_INVALID({ request, status, reason: `'${text.slice(0, 100)}'` });
  }
  return reply as Reply;
}

async function exchange(target: HttpTarget, call: HttpCall, request: string) {
  try {
    return await target.session.exchange((authorization) =>
      fetch(target.baseUrl + call.path + queryText(call.query), {
        method: call.method,
        headers: { ...headers(call), ...authorization },
        // Following a redirect would turn a POST into a GET and report the wrong page's success.
        redirect: "manual",
        signal: AbortSignal.timeout(target.timeoutMs),
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      }),
    );
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "TimeoutError") {
      throw errors.SDK_REQUEST_TIMED_OUT({ request, timeoutMs: target.timeoutMs }, { cause });
    }
    throw errors.SDK_SERVER_UNREACHABLE({ request, reason: networkReason(cause) }, { cause });
  }
}

function headers(call: HttpCall): Record<string, string> {
  return {
    accept: "application/json",
    ...(call.body === undefined ? {} : { "content-type": "application/json" }),
  };
}

function queryText(query: HttpCall["query"]): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    for (const one of [value].flat()) parameters.append(name, String(one));
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}

/** `fetch` hides the reason (ECONNREFUSED, ENOTFOUND, ...) in the cause of its TypeError. */
export function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) {
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
    return [code, cause.message].filter((part) => part !== "").join(" ");
  }
  return error.message;
}

/**
 * @returns the address without trailing slashes
 * @throws SDK_BASE_URL_INVALID
 */
export function checkedBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw errors.SDK_BASE_URL_INVALID({ baseUrl });
  }
  return baseUrl.replace(/\/+$/, "");
}

/** @throws SDK_OPTION_OUT_OF_RANGE */
export function checkedTimeoutMs(timeoutMs: number): number {
  if (Number.isFinite(timeoutMs) && timeoutMs > 0) return timeoutMs;
  throw errors.SDK_OPTION_OUT_OF_RANGE({
    option: "timeoutMs",
    given: timeoutMs,
    allowed: "a number of milliseconds above 0",
  });
}
