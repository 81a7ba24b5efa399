import { isScouterError } from "@scouter/contracts";
import { errors } from "../../../errors.ts";
import { statusOf, wireErrorBody } from "../../error/error-reply.ts";

/** One item of a message that was not stored; its neighbours were. */
export interface RejectedItem {
  /** Position in the message, from 0. */
  readonly index: number;
  readonly uid?: string;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}

export interface MessageReply {
  readonly status: number;
  readonly body: object;
}

/** The text that clients of the reference know, whatever the acknowledgement now means. */
const ACCEPTED_MESSAGE = "Message queued for processing";

/**
 * @param accepted items stored, repeats of stored ones included
 * @param rejected by position; when nothing was accepted, the message as a whole is refused
 */
export function messageReply(accepted: number, rejected: readonly RejectedItem[]): MessageReply {
  if (rejected.length === 0) {
    return {
      status: 200,
      body: { status: "success", message: ACCEPTED_MESSAGE, accepted, rejected },
    };
  }
  if (accepted > 0) {
    const message = `${accepted} items stored, ${rejected.length} refused`;
    return { status: 200, body: { status: "partial_success", message, accepted, rejected } };
  }
  const first = rejected[0]?.message ?? "";
  const error = errors.SERVER_ITEMS_ALL_REFUSED({ count: rejected.length, first });
  return { status: statusOf(error), body: { ...wireErrorBody(error), accepted, rejected } };
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
