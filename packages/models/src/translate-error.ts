import { isScouterError, type ScouterError } from "@scouter/contracts";
import { errors } from "./errors.ts";
import { retryAfterMs } from "./retry-after.ts";

export interface CalledModel {
  readonly provider: string;
  readonly model: string;
}

/** What the SDK's errors have in common; told apart by name, so that the SDK need not be loaded for it. */
interface SdkError {
  readonly name?: string;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly data?: unknown;
}

const TIMEOUT_CODES: ReadonlySet<unknown> = new Set([
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

/**
 * An error of the SDK in our terms. The vendor's own texts and the SDK's error are left out, also as cause: they hold
 * the request, and some vendors repeat the key.
 */
export function translateError(
  thrown: unknown,
  called: CalledModel,
  timedOut: boolean,
): ScouterError {
  if (isScouterError(thrown)) return thrown;
  if (timedOut) return errors.MODELS_TIMEOUT({ ...called, reason: "no answer in time" });
  const error = (thrown ?? {}) as SdkError;
  if (error.statusCode !== undefined) return ofStatus(error.statusCode, error, called);
  const code = networkCode(error);
  if (code === undefined) {
    const reason = `the answer could not be read (${error.name ?? typeof thrown})`;
    return errors.MODELS_ANSWER_UNREADABLE({ ...called, reason });
  }
  if (code === "ERR_INVALID_URL") {
    return errors.MODELS_REQUEST_REFUSED({ ...called, reason: "the base URL is not a URL" });
  }
  return TIMEOUT_CODES.has(code)
    ? errors.MODELS_TIMEOUT({ ...called, reason: `no answer in time (${code})` })
    : errors.MODELS_UNAVAILABLE({ ...called, reason: `the connection failed (${code})` });
}

function ofStatus(status: number, error: SdkError, called: CalledModel): ScouterError {
  const type = vendorErrorType(error.data);
  const call = { ...called, reason: `status ${status}${type === undefined ? "" : ` (${type})`}` };
  if (status === 429) {
    const pauseMs = retryAfterMs(error.responseHeaders ?? {});
    return errors.MODELS_RATE_LIMITED(call, pauseMs === undefined ? {} : { retryAfterMs: pauseMs });
  }
  if (status === 401 || status === 403) return errors.MODELS_UNAUTHORIZED(call);
  if (status === 408 || status === 504) return errors.MODELS_TIMEOUT(call);
  if (status >= 500) return errors.MODELS_UNAVAILABLE(call);
  if (status >= 400) return errors.MODELS_REQUEST_REFUSED(call);
  return errors.MODELS_ANSWER_UNREADABLE({
    ...called,
    reason: `status ${status} with a body that is not an answer`,
  });
}

/** The vendor's machine-readable type or code, if it looks like one: free text stays out of messages. */
function vendorErrorType(data: unknown): string | undefined {
  const vendor = (data as { error?: { type?: unknown; code?: unknown } } | undefined)?.error;
  for (const name of [vendor?.code, vendor?.type]) {
    if (typeof name === "string" && /^[a-z][a-z_]{1,60}$/.test(name)) return name;
  }
  return undefined;
}

/** The system's or the HTTP client's code, from whichever error in the chain of causes has one. */
function networkCode(error: SdkError): string | undefined {
  let current: SdkError | undefined = error;
  for (let depth = 0; current !== undefined && current !== null && depth < 10; depth += 1) {
    if (typeof current.code === "string") return current.code;
    current = current.cause as SdkError | undefined;
  }
  return undefined;
}
