import { isScouterError, type ScouterError } from "@scouter/contracts/core";
import { errors } from "../errors.ts";
import { jsonObject } from "./json-object.ts";

/** What the server said when it refused a request. The `cause` of the SDK's error for it. */
export class ServerProblem extends Error {
  /** HTTP status. */
  readonly status: number;
  /** The server's stable code, or `HTTP_<status>` when the reply names none. */
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(fields: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly remedy: string | undefined;
  }) {
    super(fields.message);
    this.name = "ServerProblem";
    this.status = fields.status;
    this.code = fields.code;
    this.remedy = fields.remedy;
  }
}

/** The server's own status, code, message and remedy behind an error of the SDK; undefined when there was no reply. */
export function serverProblem(error: unknown): ServerProblem | undefined {
  return isScouterError(error) && error.cause instanceof ServerProblem ? error.cause : undefined;
}

/**
 * Reads either shape of error body: the wire's `{error, code, suggested_action}` with our `reason`, or a problem
 * document of RFC 9457 (`title`, `detail`). Any other body gives its first 200 characters as the message.
 */
export function readServerProblem(status: number, bodyText: string): ServerProblem {
  const body = jsonObject(bodyText);
  const text = (...names: readonly string[]) =>
    names.map((name) => body?.[name]).find((value) => typeof value === "string" && value !== "") as
      | string
      | undefined;
  return new ServerProblem({
    status,
    code: text("reason", "code") ?? `HTTP_${status}`,
    message:
      text("detail") ??
      errorAndMessage(text("error"), text("message")) ??
      text("title") ??
      (bodyText.slice(0, 200) || "empty reply"),
    remedy: text("suggested_action", "remedy"),
  });
}

/** A request that is refused before it reaches a route says what it is in `error` and why in `message`. */
function errorAndMessage(error: string | undefined, message: string | undefined) {
  const parts = [error, message].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(": ");
}

/** The error of the SDK's catalogue for a refused request; its kind follows the status and so decides about retries. */
export function refusedRequest(
  request: string,
  problem: ServerProblem,
  retryAfterMs: number | undefined,
): ScouterError {
  const { status, code, message, remedy } = problem;
  const options = { cause: problem, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  return errorOfStatus(status)({ request, status, code, message, remedy }, options);
}

function errorOfStatus(status: number) {
  if (status === 401) return errors.SDK_UNAUTHORIZED;
  if (status === 403) return errors.SDK_FORBIDDEN;
  if (status === 404) return errors.SDK_NOT_FOUND;
  if (status === 409) return errors.SDK_CONFLICT;
  if (status === 413) return errors.SDK_TOO_LARGE;
  if (status === 429) return errors.SDK_BUSY;
  if (status === 502 || status === 503 || status === 504) return errors.SDK_UNAVAILABLE;
  return status < 500 ? errors.SDK_REQUEST_INVALID : errors.SDK_SERVER_FAILED;
}
