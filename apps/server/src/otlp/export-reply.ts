import { messageType, nested, text, uint64 } from "@scouter/contracts/protobuf";
import type { IngestReply } from "@scouter/lake";

/** What a sender of spans is told. */
export interface ExportOutcome {
  readonly rejectedSpans: number;
  /** Empty when there is nothing to say. */
  readonly message: string;
}

/** Reasons that are named in full; the others are counted. */
const NAMED_REASONS = 5;

export function exportOutcome({ rejected }: Pick<IngestReply, "rejected">): ExportOutcome {
  const named = rejected
    .slice(0, NAMED_REASONS)
    .map(({ index, code, reason }) => `span ${index}: ${reason} [${code}]`);
  const more = rejected.length - named.length;
  if (more > 0) named.push(`and ${more} more`);
  return { rejectedSpans: rejected.length, message: named.join("; ") };
}

/** The JSON form of an ExportTraceServiceResponse; 64-bit numbers are text there. */
export function exportReplyJson(outcome: ExportOutcome): object {
  if (nothingToSay(outcome)) return {};
  const { rejectedSpans, message } = outcome;
  return { partialSuccess: { rejectedSpans: String(rejectedSpans), errorMessage: message } };
}

const partialSuccess = messageType(
  "opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess",
  { rejected_spans: uint64(1), error_message: text(2) },
);
const exportResponse = messageType(
  "opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse",
  { partial_success: nested(1, partialSuccess) },
);

export function exportReplyProtobuf(outcome: ExportOutcome): Uint8Array {
  if (nothingToSay(outcome)) return exportResponse.encode({});
  const { rejectedSpans, message } = outcome;
  return exportResponse.encode({
    partial_success: { rejected_spans: rejectedSpans, error_message: message },
  });
}

function nothingToSay(outcome: ExportOutcome): boolean {
  return outcome.rejectedSpans === 0 && outcome.message === "";
}
