import type { EvalRecord, JsonObject } from "@scouter/contracts";
import { sql, type RawBuilder } from "kysely";
import { timeText } from "../session/time.ts";
import type { StoredEvalRecord } from "./eval-record-repository.ts";

/** The columns of `StoredEvalRecord`, of a record `r` and its profile `p`, in the wire's names. */
export const RECORD_COLUMNS = recordColumns(sql`r.context`);

export function recordColumns(context: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
  r.record_id, r.session_id, ${timeText("r.created_at")} as created_at, r.uid, ${context}, r.id,
  ${timeText("r.updated_at")} as updated_at,
  ${timeText("r.processing_started_at")} as processing_started_at,
  ${timeText("r.processing_ended_at")} as processing_ended_at,
  r.processing_duration, r.profile_id as entity_id, p.uid as entity_uid, r.status, r.entity_type,
  r.retry_count, r.trace_id, r.record_source, r.tags,
  ${timeText("r.received_at")} as received_at, r.last_error`;
}

export type RecordRow = StoredEvalRecord;

/** A record as one element of the array that the insert reads. */
export function recordInput(
  record: EvalRecord,
  facts: {
    readonly position: number;
    readonly source: string;
    readonly time: (text: string) => string;
  },
): JsonObject {
  return {
    position: facts.position,
    profile_uid: record.entity_uid.toLowerCase(),
    uid: record.uid,
    record_id: record.record_id,
    session_id: record.session_id,
    created_at: facts.time(record.created_at),
    context: record.context,
    entity_type: record.entity_type,
    trace_id: record.trace_id?.toLowerCase() ?? null,
    record_source: facts.source,
    tags: record.tags,
  };
}
