/**
 * What a caller may do about an error. Retry, status and exit codes derive from the kind, never from message text.
 *
 * - `invalid`: the input is wrong; the same input fails again.
 * - `not-found`, `conflict`, `unauthorized`, `forbidden`, `too-large`: as the HTTP statuses of these names.
 * - `busy`: a limit is reached now; retry after a pause.
 * - `timeout`, `unavailable`: a dependency did not answer; retry.
 * - `internal`: our fault.
 */
export type ErrorKind =
  | "invalid"
  | "not-found"
  | "conflict"
  | "unauthorized"
  | "forbidden"
  | "too-large"
  | "busy"
  | "timeout"
  | "unavailable"
  | "internal";

const RETRYABLE: ReadonlySet<ErrorKind> = new Set(["busy", "timeout", "unavailable"]);

export interface ScouterErrorFields {
  /** Stable, upper snake case, unique over all packages. Listed in docs/reference/errors.md. */
  readonly code: string;
  readonly kind: ErrorKind;
  /** What was given, what is allowed, where. Lower case, no full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** The only error class that crosses package borders. Made by a package's catalogue (`errors.ts`). */
export class ScouterError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly remedy: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(fields: ScouterErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = "ScouterError";
    this.code = fields.code;
    this.kind = fields.kind;
    this.remedy = fields.remedy;
    this.retryAfterMs = fields.retryAfterMs;
  }

  get retryable(): boolean {
    return RETRYABLE.has(this.kind);
  }

  /** A structured-clone-safe form: errors cross worker threads as this. */
  toJSON(): Omit<ScouterErrorFields, "cause"> {
    return {
      code: this.code,
      kind: this.kind,
      message: this.message,
      remedy: this.remedy,
      retryAfterMs: this.retryAfterMs,
    };
  }
}

export function isScouterError(error: unknown): error is ScouterError {
  return error instanceof ScouterError;
}
