import type { OutgoingBatch } from "@scouter/sdk";
import type { FarEnd, FarEndStep } from "../contract/far-end.ts";
import type { TcpGate } from "./tcp-gate.ts";

const LOOK_AGAIN_MS = 20;

/**
 * A real broker behind a gate, as the far end of the transport contract. Steps are done to the connection, not to a
 * message, so they hold from the moment they are prepared; the client must be connected by then.
 *
 * @param read every message that the broker has, in order
 */
export function gatedBroker(gate: TcpGate, read: () => Promise<readonly OutgoingBatch[]>): FarEnd {
  return {
    prepare(...steps) {
      for (const step of steps) applyStep(gate, step);
    },
    messages: read,
    async whenReceived(count) {
      while ((await read()).length < count) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    },
  };
}

function applyStep(gate: TcpGate, step: FarEndStep): void {
  switch (step.kind) {
    case "store":
      return;
    case "unavailable":
      return gate.shut();
    case "lose-reply":
      return gate.cutAtNextReply();
    case "wait":
      return gate.holdReplies(step.until);
    default:
      throw new Error(`no broker does '${step.kind}'`);
  }
}
