import type { ErrorKind } from "./scouter-error.ts";

/** HTTP status of each kind; the outermost edge maps once. */
export const httpStatusOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "too-large": 413,
  busy: 429,
  timeout: 504,
  unavailable: 503,
  internal: 500,
};

/** The wire's generic `code` of each kind, kept beside our own stable code (`reason`). */
export const wireCodeOfKind: Readonly<Record<ErrorKind, string>> = {
  invalid: "BAD_REQUEST",
  unauthorized: "UNAUTHORIZED",
  forbidden: "PERMISSION_DENIED",
  "not-found": "NOT_FOUND",
  conflict: "CONFLICT",
  "too-large": "PAYLOAD_TOO_LARGE",
  busy: "RESOURCE_EXHAUSTED",
  timeout: "TIMEOUT",
  unavailable: "UNAVAILABLE",
  internal: "INTERNAL_ERROR",
};
