import { trace, type Span } from "@opentelemetry/api";
import type { EvalRecordItem } from "../record/eval-record.ts";
import { recordOnSpan } from "./record-on-span.ts";

/** The part of `ScouterQueue` that is used here. */
export interface RecordQueue {
  insert(alias: string, item: EvalRecordItem): boolean;
  /** Uid of the alias' profile; undefined for an alias that the queue does not have. */
  profileUid(alias: string): string | undefined;
}

/**
 * Queues a record as part of a span, by default the active one: the record carries the span's trace, so that trace
 * assertions see it, and the span tells of the record. Nothing is queued for a span that is not sampled, whose trace
 * nobody could look at; without any span the record is queued alone.
 *
 * @returns whether the queue took it
 */
export function insertOnSpan(
  queue: RecordQueue,
  alias: string,
  record: EvalRecordItem,
  span: Span | undefined = trace.getActiveSpan(),
): boolean {
  if (span === undefined) return queue.insert(alias, record);
  if (!span.isRecording()) return false;
  const { fields } = record;
  const traced = { ...record, fields: { spanContext: span.spanContext(), ...fields } };
  if (!queue.insert(alias, traced)) return false;
  const entityUid = queue.profileUid(alias);
  if (entityUid !== undefined) recordOnSpan(span, { recordUid: record.uid, entityUid });
  return true;
}
