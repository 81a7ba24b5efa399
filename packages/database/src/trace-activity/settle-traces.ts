import { sql, type RawBuilder } from "kysely";
import { interval } from "../session/interval.ts";
import type { Executor } from "../session/session.ts";
import {
  type SettleRequest,
  type TraceActivity,
  TRACES_SETTLED_CHANNEL,
} from "./trace-activity-repository.ts";

/** What a notice may carry, in bytes; the database's limit is 8,000. */
export const MAX_NOTICE_BYTES = 7_900;

export const activityColumns: RawBuilder<unknown> = sql`
  trace_id, state, revision, span_count::float8 as span_count, root_ended,
  to_json(entity_ids)::text as entity_ids, to_json(queue_ids)::text as queue_ids,
  to_json(queued_entity_ids)::text as queued_entity_ids,
  coalesce(extract(epoch from clock_timestamp() - last_seen_at) * 1000, 0)::float8 as quiet_ms`;

export interface ActivityRow {
  readonly trace_id: string;
  readonly state: TraceActivity["state"];
  readonly revision: number;
  readonly span_count: number;
  readonly root_ended: boolean;
  readonly entity_ids: string;
  readonly queue_ids: string;
  readonly queued_entity_ids: string;
  readonly quiet_ms: number;
}

export function activityOf(row: ActivityRow): TraceActivity {
  return {
    traceId: row.trace_id,
    state: row.state,
    revision: row.revision,
    spanCount: row.span_count,
    rootEnded: row.root_ended,
    entityIds: JSON.parse(row.entity_ids) as string[],
    queueIds: JSON.parse(row.queue_ids) as string[],
    queuedEntityIds: JSON.parse(row.queued_entity_ids) as string[],
    quietMs: Math.max(0, row.quiet_ms),
  };
}

/** One statement: of several processes that settle at the same time each row goes to one. */
export async function settleTraces(
  db: Executor,
  { quietMs, limitMs, limit }: SettleRequest,
): Promise<readonly TraceActivity[]> {
  const { rows } = await sql<ActivityRow>`
    with due as (
      select trace_id from scouter.trace_activity
      where state = 'open' and (
        (root_ended and last_seen_at <= now() - ${interval(quietMs)})
        or opened_at <= now() - ${interval(limitMs)})
      order by last_seen_at limit ${limit} for update skip locked
    ), settled as (
      update scouter.trace_activity as t set
        state = case when root_ended and last_seen_at <= now() - ${interval(quietMs)}
          then 'complete' else 'cut' end,
        revision = revision + 1,
        updated_at = now()
      from due where t.trace_id = due.trace_id
      returning t.*
    ), ids as (
      select string_agg(trace_id, ',') as list from settled
    ), notified as (
      select pg_notify(${TRACES_SETTLED_CHANNEL},
        case when octet_length(list) <= ${MAX_NOTICE_BYTES}::integer then list else '' end) as sent
      from ids where list is not null
    )
    select ${activityColumns} from settled, (select count(sent) from notified) as told`.execute(db);
  return rows.map(activityOf);
}

export async function nextDueMs(
  db: Executor,
  { quietMs, limitMs }: Omit<SettleRequest, "limit">,
): Promise<number | undefined> {
  const { rows } = await sql<{ due_ms: number | null }>`
    select extract(epoch from min(least(
        case when root_ended then last_seen_at + ${interval(quietMs)} end,
        opened_at + ${interval(limitMs)})) - clock_timestamp())::float8 * 1000 as due_ms
    from scouter.trace_activity where state = 'open'`.execute(db);
  const dueMs = rows[0]?.due_ms ?? null;
  return dueMs === null ? undefined : Math.max(0, dueMs);
}
