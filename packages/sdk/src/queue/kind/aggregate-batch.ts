import { OBSERVATION_SLICE, bodyOf, nextTurn, type SerialisedBatch } from "../batch-body.ts";
import type { QueuedItem } from "./batch-maker.ts";

/** Collects rows of one batch into records of the wire. */
export interface Aggregate {
  /** @returns whether the row held anything that is watched */
  add(queued: QueuedItem): boolean;
  /** JSON of each record of what was added. */
  records(): readonly string[];
}

/**
 * One message of what many rows come to: its records belong to all of them. A row that holds nothing to send is reported
 * and left out.
 */
export async function aggregateBatch(
  items: readonly QueuedItem[],
  aggregate: Aggregate,
  maxBytes: number,
): Promise<SerialisedBatch> {
  const indexes: number[] = [];
  const unsendable: { readonly index: number; readonly detail: string }[] = [];
  for (const [index, queued] of items.entries()) {
    if (index > 0 && index % OBSERVATION_SLICE === 0) await nextTurn();
    const problem = problemOfAdding(aggregate, queued);
    if (problem === undefined) indexes.push(index);
    else unsendable.push({ index, detail: problem });
  }
  if (indexes.length === 0) return { parts: [], unsendable };
  const records = aggregate.records();
  const body = bodyOf(records.map((text) => Buffer.from(text)));
  if (body.byteLength > maxBytes) {
    const detail = `${body.byteLength} bytes of JSON: at most ${maxBytes} are accepted`;
    return { parts: [], unsendable: items.map((_, index) => ({ index, detail })) };
  }
  const part = { body, indexes, recordCount: records.length, sharesRecords: true };
  return { parts: [part], unsendable };
}

function problemOfAdding(aggregate: Aggregate, queued: QueuedItem): string | undefined {
  try {
    return aggregate.add(queued) ? undefined : "no watched value that is a finite number";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
