import { isScouterError, type ScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { readAtMost } from "./read-at-most.ts";
import { retryAfterMs } from "./retry-after.ts";

export interface JsonPost {
  /** The channel's name, for errors. */
  readonly channel: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body as it goes out: what is signed is what is sent. */
  readonly body: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number | undefined;
}

const TIMEOUT_MS = 8000;
/** No provider answers with more; a page that goes on for ever must not fill the memory. */
const ANSWER_BYTES = 65_536;

/**
 * Posts once and resolves with the text of a 2xx answer. Redirects are not followed: they would carry alert and token to
 * where nobody configured.
 */
export async function postJson(post: JsonPost): Promise<string> {
  const { channel, url, headers, body, signal, timeoutMs = TIMEOUT_MS } = post;
  const timeUp = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: { "content-type": "application/json; charset=utf-8", ...headers },
      body,
      signal: AbortSignal.any([signal, timeUp]),
    });
    const text = await readAtMost(response, ANSWER_BYTES);
    if (!response.ok) throw statusError(channel, response);
    return text;
  } catch (error) {
    if (isScouterError(error)) throw error;
    if (timeUp.aborted || signal.aborted) {
      const reason = timeUp.aborted ? `no answer in ${timeoutMs} ms` : "cut short";
      throw errors.ALERTS_TIMEOUT({ channel, reason });
    }
    // The cause is left out: it may hold the URL, which is a secret with webhooks.
    throw errors.ALERTS_UNAVAILABLE({ channel, reason: connectionReason(error) });
  }
}

function statusError(channel: string, { status, headers }: Response): ScouterError {
  const given = { channel, reason: `status ${status}` };
  const pauseMs = retryAfterMs(headers);
  const pause = pauseMs === undefined ? {} : { retryAfterMs: pauseMs };
  if (status === 429) return errors.ALERTS_RATE_LIMITED(given, pause);
  if (status === 408 || status === 504) return errors.ALERTS_TIMEOUT(given, pause);
  if (status === 401 || status === 403) return errors.ALERTS_UNAUTHORIZED(given);
  return status >= 500 ? errors.ALERTS_UNAVAILABLE(given, pause) : errors.ALERTS_REFUSED(given);
}

/** The system's code, such as `ECONNREFUSED`: the only part of a connection's error that never repeats the URL. */
function connectionReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : "";
  return typeof code === "string" && /^[A-Z0-9_]{1,40}$/.test(code)
    ? `the connection failed (${code})`
    : "the connection failed";
}
