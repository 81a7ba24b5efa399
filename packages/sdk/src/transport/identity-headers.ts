import type { OutgoingBatch } from "./transport.ts";

/** Headers that carry a batch's identity, and what its producer tells of itself, in every transport that has headers. */
export function identityHeaders(batch: OutgoingBatch): Readonly<Record<string, string>> {
  const identity = {
    "x-scouter-producer": batch.producer,
    "x-scouter-sequence": String(batch.sequence),
  };
  const { delivery } = batch;
  return delivery === undefined ? identity : { ...identity, "x-scouter-delivery": delivery };
}
