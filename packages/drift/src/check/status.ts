import { isScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";

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

/** Runs one feature's or metric's check; whatever it throws becomes its own status: none hides the others. */
export function isolated<Result>(check: () => Result): Result | Errored {
  try {
    return check();
  } catch (error) {
    const known = isScouterError(error) ? error : errors.DRIFT_CHECK_CRASHED({}, { cause: error });
    return { status: "error", code: known.code, message: known.message };
  }
}
