import { httpStatusOfKind, wireCodeOfKind, type ScouterError } from "@scouter/contracts";

/** Statuses that say more than the error's kind does. */
const statusOfCode: Readonly<Record<string, number>> = {
  SERVER_SHAPE_INVALID: 422,
  SERVER_RECORDS_EMPTY: 422,
  SERVER_MESSAGE_UNKNOWN: 422,
  SERVER_ITEMS_ALL_REFUSED: 422,
  SERVER_CONTENT_TYPE_UNSUPPORTED: 415,
  SERVER_CONTENT_ENCODING_UNSUPPORTED: 415,
  SERVER_METHOD_NOT_ALLOWED: 405,
  SERVER_LAST_ADMIN: 403,
};

/** Codes of the wire that say more than the error's kind does. */
const wireCodeOfCode: Readonly<Record<string, string>> = {
  SERVER_ADMIN_REQUIRED: "ADMIN_REQUIRED",
};

/** Refused before any route: `error` is one word then, and `message` says what is wrong. */
const GUARD_CODES: ReadonlySet<string> = new Set([
  "SERVER_TOKEN_MISSING",
  "SERVER_TOKEN_INVALID",
  "SERVER_TOKEN_EXPIRED",
  "SERVER_TOKEN_USER_UNKNOWN",
  "SERVER_USER_INACTIVE",
]);

export function statusOf(error: ScouterError): number {
  return statusOfCode[error.code] ?? httpStatusOfKind[error.kind];
}

/** Seconds for the Retry-After header; undefined when a retry cannot help. */
export function retryAfterSeconds(error: ScouterError): number | undefined {
  if (!error.retryable) return undefined;
  return Math.max(1, Math.ceil((error.retryAfterMs ?? 1000) / 1000));
}

/** Error body of the routes that the reference server has too; `reason` is our own stable code. */
export interface WireErrorBody {
  readonly error: string;
  readonly message?: string;
  readonly code: string;
  readonly suggested_action?: string;
  readonly retry: boolean;
  readonly reason: string;
}

export function wireErrorBody(error: ScouterError): WireErrorBody {
  return {
    ...(GUARD_CODES.has(error.code)
      ? { error: "Unauthorized", message: error.message }
      : { error: error.message }),
    code: wireCodeOfCode[error.code] ?? wireCodeOfKind[error.kind],
    ...(error.remedy === undefined ? {} : { suggested_action: error.remedy }),
    retry: error.retryable,
    reason: error.code,
  };
}

/** Problem details of RFC 9457, for the routes that are ours alone. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly suggested_action?: string;
  readonly retry: boolean;
}

export function problemBody(error: ScouterError): ProblemBody {
  return {
    type: "about:blank",
    title: wireCodeOfKind[error.kind],
    status: statusOf(error),
    detail: error.message,
    code: error.code,
    ...(error.remedy === undefined ? {} : { suggested_action: error.remedy }),
    retry: error.retryable,
  };
}
