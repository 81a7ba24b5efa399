import { refusalOf, reportOf, type MessageOutcome } from "../../../message/message-outcome.ts";
import { statusOf, wireErrorBody } from "../../error/error-reply.ts";

export interface MessageReply {
  readonly status: number;
  readonly body: object;
}

/** When nothing was accepted, the message as a whole is refused. */
export function messageReply(outcome: MessageOutcome): MessageReply {
  const { accepted, rejected } = outcome;
  const refusal = refusalOf(outcome);
  return refusal === undefined
    ? { status: 200, body: { ...reportOf(outcome), accepted, rejected } }
    : { status: statusOf(refusal), body: { ...wireErrorBody(refusal), accepted, rejected } };
}
