import { insertMessageResponse, messageService } from "@scouter/contracts/grpc";
import type { MessageOutcome } from "../../message/message-outcome.ts";
import { refusalOf, reportOf } from "../../message/message-outcome.ts";
import { messageParts, storeMessage } from "../../message/store-message.ts";
import type { Ingest } from "../../ingest/ingest.ts";
import { DetailedCallError } from "../call/call-error.ts";
import type { CallGate } from "../call/call-gate.ts";
import { unaryService, type GrpcService } from "../call/grpc-service.ts";
import type { CallParts } from "../call/unary-method.ts";

/** `MessageService/InsertMessage`: what `POST /scouter/message` does, with the same JSON. */
export function messageGrpcService(
  parts: CallParts & { readonly ingest: Ingest },
  gate: CallGate,
): GrpcService {
  const ways = messageParts(parts);
  return unaryService(
    messageService,
    {
      InsertMessage: async ({ message_record }) => {
        const outcome = await storeMessage(message_record, ways);
        const refusal = refusalOf(outcome);
        if (refusal === undefined) return { ...reportOf(outcome), ...itemsOf(outcome) };
        const bytes = insertMessageResponse.encode({ status: "failed", ...itemsOf(outcome) });
        throw new DetailedCallError(refusal, [{ typeName: insertMessageResponse.name, bytes }]);
      },
    },
    gate,
    parts,
  );
}

/** Error details travel in a header, so a refused message of many items names the first ones. */
const NAMED_ITEMS = 20;

function itemsOf({ accepted, rejected }: MessageOutcome) {
  const named = accepted > 0 ? rejected : rejected.slice(0, NAMED_ITEMS);
  return {
    accepted,
    rejected: named.map((item) => ({ uid: "", remedy: "", ...item })),
  };
}
