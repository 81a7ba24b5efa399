import { sql } from "kysely";
import { interval } from "../session/interval.ts";
import type { Session } from "../session/session.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import { recordSightings } from "./record-sightings.ts";
import {
  activityColumns,
  activityOf,
  type ActivityRow,
  MAX_NOTICE_BYTES,
  nextDueMs,
  settleTraces,
} from "./settle-traces.ts";
import {
  type DispatchedTrace,
  type SettleRequest,
  type TraceActivity,
  type TraceActivityRepository,
  type TraceSighting,
  TRACES_WATCHED_CHANNEL,
} from "./trace-activity-repository.ts";

export class SqlTraceActivityRepository implements TraceActivityRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async watch(traceIds: readonly string[]): Promise<readonly string[]> {
    if (traceIds.length === 0) return [];
    const { rows } = await this.#session.run((db) =>
      sql<{ trace_id: string }>`
        with added as (
          insert into scouter.trace_activity (trace_id)
          select distinct value from json_array_elements_text(${storableJsonText(traceIds)}::json)
          order by value
          on conflict (trace_id) do nothing
          returning trace_id
        ), ids as (
          select string_agg(trace_id, ',') as list from added
        ), notified as (
          select pg_notify(${TRACES_WATCHED_CHANNEL},
            case when octet_length(list) <= ${MAX_NOTICE_BYTES}::integer then list else '' end) as sent
          from ids where list is not null
        )
        select trace_id from added, (select count(sent) from notified) as told`.execute(db),
    );
    return rows.map((row) => row.trace_id);
  }

  async watched(limit: number): Promise<readonly string[]> {
    const { rows } = await this.#session.run((db) =>
      sql<{ trace_id: string }>`
        select trace_id from scouter.trace_activity
        order by updated_at desc limit ${limit}`.execute(db),
    );
    return rows.map((row) => row.trace_id);
  }

  async record(
    seen: readonly TraceSighting[],
    { isReadable }: { readonly isReadable: boolean },
  ): Promise<void> {
    await this.#session.run((db) => recordSightings(db, seen, isReadable));
  }

  settle(request: SettleRequest): Promise<readonly TraceActivity[]> {
    return this.#session.run((db) => settleTraces(db, request));
  }

  nextDueMs(request: Omit<SettleRequest, "limit">): Promise<number | undefined> {
    return this.#session.run((db) => nextDueMs(db, request));
  }

  async find(traceIds: readonly string[]): Promise<readonly TraceActivity[]> {
    if (traceIds.length === 0) return [];
    const { rows } = await this.#session.run((db) =>
      sql<ActivityRow>`
        select ${activityColumns} from scouter.trace_activity
        where trace_id in (
          select value from json_array_elements_text(${storableJsonText(traceIds)}::json))`.execute(
        db,
      ),
    );
    return rows.map(activityOf);
  }

  async findByQueues(queueIds: readonly string[]): Promise<readonly TraceActivity[]> {
    if (queueIds.length === 0) return [];
    const { rows } = await this.#session.run((db) =>
      sql<ActivityRow>`
        select ${activityColumns} from scouter.trace_activity
        where queue_ids && array(
          select json_array_elements_text(${storableJsonText(queueIds)}::json))
        order by opened_at, trace_id`.execute(db),
    );
    return rows.map(activityOf);
  }

  async undispatched(limit: number): Promise<readonly TraceActivity[]> {
    const { rows } = await this.#session.run((db) =>
      sql<ActivityRow>`
        select ${activityColumns} from scouter.trace_activity
        where revision > dispatched_revision and (entity_ids <> '{}' or revision > 1)
          and state in ('complete', 'cut')
        order by updated_at desc, trace_id limit ${limit}`.execute(db),
    );
    return rows.map(activityOf);
  }

  async dispatched(done: readonly DispatchedTrace[]): Promise<void> {
    if (done.length === 0) return;
    const rows = done.map(({ traceId, revision }) => ({ trace_id: traceId, revision }));
    await this.#session.run((db) =>
      sql`
        update scouter.trace_activity as t
        set dispatched_revision = greatest(t.dispatched_revision, done.revision)
        from json_to_recordset(${storableJsonText(rows)}::json)
          as done (trace_id text, revision integer)
        where t.trace_id = done.trace_id`.execute(db),
    );
  }

  async forget(olderThanMs: number): Promise<number> {
    const { rows } = await this.#session.run((db) =>
      sql<{ forgotten: number }>`
        with gone as (
          delete from scouter.trace_activity
          where updated_at <= now() - ${interval(olderThanMs)} returning 1
        )
        select count(*)::integer as forgotten from gone`.execute(db),
    );
    return rows[0]?.forgotten ?? 0;
  }
}
