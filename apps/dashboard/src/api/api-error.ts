interface ProblemBody {
  readonly detail?: string;
  readonly error?: string;
  readonly message?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly suggested_action?: string;
  readonly retry?: boolean;
}

interface ApiErrorFields {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Stable code of the server's catalogue. */
  readonly code: string;
  readonly remedy?: string | undefined;
  readonly retryable: boolean;
}

/** What went wrong with a request, in the server's own words where it has some. */
export class ApiError extends Error implements ApiErrorFields {
  readonly status: number;
  readonly code: string;
  readonly remedy: string | undefined;
  readonly retryable: boolean;

  constructor(message: string, fields: ApiErrorFields) {
    super(message);
    this.name = "ApiError";
    this.status = fields.status;
    this.code = fields.code;
    this.remedy = fields.remedy;
    this.retryable = fields.retryable;
  }
}

/** Reads problem details (`/scouter/v2`) and the error body of all other routes. */
export function errorOfReply(status: number, text: string): ApiError {
  const body = parsed(text);
  return new ApiError(
    body.detail ?? body.message ?? body.error ?? `the server answered ${String(status)}`,
    {
      status,
      code: body.reason ?? body.code ?? `HTTP_${String(status)}`,
      remedy: body.suggested_action,
      retryable: body.retry ?? status >= 500,
    },
  );
}

function parsed(text: string): ProblemBody {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // A proxy in between may answer with a page of its own; the status says enough then.
    return {};
  }
}

export function unreachable(cause: unknown): ApiError {
  const error = new ApiError("the server cannot be reached", {
    status: 0,
    code: "UNREACHABLE",
    remedy: "check that it runs and that this machine is online; the page tries again by itself",
    retryable: true,
  });
  error.cause = cause;
  return error;
}
