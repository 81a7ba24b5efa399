import { isScouterError, type ScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";

/** One item of a message that was not stored; its neighbours were. */
export interface RejectedItem {
  /** Position in the message, from 0. */
  readonly index: number;
  readonly uid?: string;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}

/** What became of one message. */
export interface MessageOutcome {
  /** Items stored, repeats of stored ones included. */
  readonly accepted: number;
  /** By position. */
  readonly rejected: readonly RejectedItem[];
}

/** What a sender is told of a message that was stored, at least in part. */
export interface MessageReport {
  readonly status: "success" | "partial_success";
  readonly message: string;
}

/** The text that clients of the reference know, whatever the acknowledgement now means. */
const ACCEPTED_MESSAGE = "Message queued for processing";

export function reportOf({ accepted, rejected }: MessageOutcome): MessageReport {
  if (rejected.length === 0) return { status: "success", message: ACCEPTED_MESSAGE };
  const message = `${accepted} items stored, ${rejected.length} refused`;
  return { status: "partial_success", message };
}

/** The error that a message as a whole gets: none of its items was stored. */
export function refusalOf({ accepted, rejected }: MessageOutcome): ScouterError | undefined {
  if (accepted > 0 || rejected.length === 0) return undefined;
  const first = rejected[0]?.message ?? "";
  return errors.SERVER_ITEMS_ALL_REFUSED({ count: rejected.length, first });
}

export function rejectedItem(index: number, error: unknown, uid?: string): RejectedItem {
  const known = isScouterError(error) ? error : errors.SERVER_INTERNAL({}, { cause: error });
  return {
    index,
    ...(uid === undefined ? {} : { uid }),
    code: known.code,
    message: known.message,
    ...(known.remedy === undefined ? {} : { remedy: known.remedy }),
  };
}
