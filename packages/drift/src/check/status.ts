import { isScouterError } from "@scouter/contracts";

/** The window has fewer observations than the method needs to say anything. */
export interface InsufficientData {
  readonly status: "insufficient-data";
  readonly have: number;
  readonly need: number;
}

/** Nothing was observed in the window. */
export interface NoData {
  readonly status: "no-data";
}

/** This one could not be computed; the others of the profile are unharmed. */
export interface Errored {
  readonly status: "error";
  readonly code: string;
  readonly message: string;
}

export type NotMeasured = InsufficientData | NoData | Errored;

/** Runs one feature's or metric's check; what it throws becomes its own status. */
export function isolated<Result>(check: () => Result): Result | Errored {
  try {
    return check();
  } catch (error) {
    if (!isScouterError(error)) throw error;
    return { status: "error", code: error.code, message: error.message };
  }
}
