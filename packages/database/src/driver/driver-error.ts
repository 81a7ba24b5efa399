/** An error of a driver with PostgreSQL's five-character code, however the driver spells it. */
export interface DriverErrorFields {
  readonly message: string;
  /** Undefined when the error did not come from the server (network, worker). */
  readonly sqlState: string | undefined;
}

/** Rebuilt on this side of the worker border, where the original's class is lost. */
export class DriverError extends Error {
  readonly code: string | undefined;

  constructor(fields: DriverErrorFields) {
    super(fields.message);
    this.name = "DriverError";
    this.code = fields.sqlState;
  }
}

export function driverErrorFields(error: unknown): DriverErrorFields {
  if (!(error instanceof Error)) return { message: String(error), sqlState: undefined };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { message: error.message, sqlState: code };
}
