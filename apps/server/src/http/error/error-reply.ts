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
};

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
  readonly code: string;
  readonly suggested_action?: string;
  readonly retry: boolean;
  readonly reason: string;
}

export function wireErrorBody(error: ScouterError): WireErrorBody {
  return {
    error: error.message,
    code: wireCodeOfKind[error.kind],
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
