import { insertMessageResponse, messageService } from "@scouter/contracts/grpc";
import { mayWriteTo } from "../../auth/may-write-to.ts";
import type { ProfileSpaces } from "../../auth/profile-spaces.ts";
import { errors } from "../../errors.ts";
import type { MessageOutcome } from "../../message/message-outcome.ts";
import { refusalOf, reportOf } from "../../message/message-outcome.ts";
import { deliveryReport } from "../../message/delivery-report.ts";
import { messageIdentity } from "../../message/message-identity.ts";
import { messageParts, storeMessage } from "../../message/store-message.ts";
import type { Ingest } from "../../ingest/ingest.ts";
import { DetailedCallError } from "../call/call-error.ts";
import type { CallGate } from "../call/call-gate.ts";
import { unaryService, type GrpcService } from "../call/grpc-service.ts";
import type { CallParts } from "../call/unary-method.ts";

/** `MessageService/InsertMessage`: what `POST /scouter/message` does, with the same JSON. */
export function messageGrpcService(
  parts: CallParts & { readonly ingest: Ingest; readonly profileSpaces: ProfileSpaces },
  gate: CallGate,
): GrpcService {
  const ways = messageParts(parts);
  return unaryService(
    messageService,
    {
      InsertMessage: async ({ message_record: body }, { principal, metadata }) => {
        if (principal === undefined) throw errors.SERVER_TOKEN_MISSING({});
        const refusalFor = mayWriteTo(principal, parts.profileSpaces);
        const header = (name: string) => metadata?.(name);
        const identity = messageIdentity(header);
        const report = deliveryReport(header);
        const outcome = await storeMessage({ body, identity, report, refusalFor }, ways);
        const refusal = refusalOf(outcome);
        if (refusal === undefined) return { ...reportOf(outcome), ...itemsOf(outcome) };
        const bytes = refusedItems(outcome);
        throw new DetailedCallError(refusal, [{ typeName: insertMessageResponse.name, bytes }]);
      },
    },
    gate,
    parts,
  );
}

function itemsOf({ accepted, rejected }: MessageOutcome) {
  return { accepted, rejected: rejected.map((item) => ({ uid: "", remedy: "", ...item })) };
}

/** Error details travel in a header, and peers refuse headers of 16 KB in all. */
const MAX_DETAIL_BYTES = 4096;

/** The reply that names the refused items: as many of the first ones as fit. */
function refusedItems(outcome: MessageOutcome): Uint8Array {
  let { rejected } = outcome;
  for (;;) {
    const values = { status: "failed", ...itemsOf({ ...outcome, rejected }) };
    const bytes = insertMessageResponse.encode(values);
    if (bytes.length <= MAX_DETAIL_BYTES || rejected.length === 0) return bytes;
    rejected = rejected.slice(0, Math.floor(rejected.length / 2));
  }
}
