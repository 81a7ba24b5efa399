import { sql } from "kysely";
import type { Executor } from "../session/session.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import type { TraceSighting } from "./trace-activity-repository.ts";

/** One statement for the whole batch, in the order of the key, so that two batches wait for each other and go on. */
export async function recordSightings(
  db: Executor,
  seen: readonly TraceSighting[],
  isReadable: boolean,
): Promise<void> {
  if (seen.length === 0) return;
  const rows = seen.map((sighting) => ({
    trace_id: sighting.traceId,
    spans: isReadable ? sighting.spans : 0,
    root_ended: sighting.rootEnded,
    ago_seconds: Math.max(0, sighting.agoMs) / 1000,
    entity_ids: sighting.entityIds,
    queue_ids: sighting.queueIds,
    queued_entity_ids: sighting.queuedEntityIds,
  }));
  await sql`
    insert into scouter.trace_activity as t
      (trace_id, state, span_count, root_ended, entity_ids, queue_ids, queued_entity_ids,
        opened_at, last_seen_at)
    select trace_id, 'open', spans, root_ended,
      array(select json_array_elements_text(entity_ids)),
      array(select json_array_elements_text(queue_ids)),
      array(select json_array_elements_text(queued_entity_ids)),
      now() - make_interval(secs => ago_seconds), now() - make_interval(secs => ago_seconds)
    from json_to_recordset(${storableJsonText(rows)}::json) as seen (
      trace_id text, spans bigint, root_ended boolean, ago_seconds float8,
      entity_ids json, queue_ids json, queued_entity_ids json)
    order by trace_id
    on conflict (trace_id) do update set
      state = 'open',
      span_count = t.span_count + excluded.span_count,
      root_ended = t.root_ended or excluded.root_ended,
      entity_ids = array(select distinct unnest(t.entity_ids || excluded.entity_ids) order by 1),
      queue_ids = array(select distinct unnest(t.queue_ids || excluded.queue_ids) order by 1),
      queued_entity_ids = array(
        select distinct unnest(t.queued_entity_ids || excluded.queued_entity_ids) order by 1),
      -- The hard limit counts anew for a trace that was settled already.
      opened_at = case when t.state = 'open' then t.opened_at else excluded.opened_at end,
      last_seen_at = greatest(t.last_seen_at, excluded.last_seen_at),
      updated_at = now()`.execute(db);
}
