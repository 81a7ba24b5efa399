import type { DeliveryReport } from "@scouter/database";

export const DELIVERY_HEADER = "x-scouter-delivery";

/** Counts of an app that runs for years stay far below. */
const MAX_COUNT = Number.MAX_SAFE_INTEGER;

/**
 * What a sender tells of itself beside a message: `service=checkout&offered=12&sampled=2&full=0&invalid=0&closed=0`, form
 * encoded. Undefined when it tells nothing or nothing readable: the message counts, not what is told beside it.
 */
export function deliveryReport(
  valueOf: (name: string) => string | undefined,
): DeliveryReport | undefined {
  const text = valueOf(DELIVERY_HEADER);
  if (text === undefined) return undefined;
  const fields = new URLSearchParams(text);
  const offered = countOf(fields, "offered");
  if (offered === undefined) return undefined;
  const service = fields.get("service") ?? "";
  return {
    service: service === "" ? undefined : service,
    offered,
    sampledOut: countOf(fields, "sampled") ?? 0,
    droppedFull: countOf(fields, "full") ?? 0,
    droppedInvalid: countOf(fields, "invalid") ?? 0,
    droppedClosed: countOf(fields, "closed") ?? 0,
  };
}

function countOf(fields: URLSearchParams, name: string): number | undefined {
  const text = fields.get(name) ?? "";
  if (!/^\d{1,16}$/.test(text)) return undefined;
  const count = Number(text);
  return count <= MAX_COUNT ? count : undefined;
}
