import { sql } from "kysely";
import { interval } from "../session/interval.ts";
import type { Executor } from "../session/session.ts";
import { storableText } from "../storable/storable-text.ts";
import type {
  ClaimedWindow,
  WindowClaim,
  WindowClaimRequest,
  WindowFailure,
  WindowOutcome,
} from "./drift-window-repository.ts";
import { OLDEST_TRANSACTION } from "./late-observations.ts";

const MAX_ERROR_LENGTH = 8_000;

type ProfileOfWindow = ClaimedWindow["profile"];
interface ClaimRow extends ProfileOfWindow {
  readonly windowId: number;
  readonly fencing: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly revised: number;
  readonly attempts: number;
  readonly settled: boolean;
}

/**
 * Locks due windows that nobody else is locking and whose profile has no earlier open one, nor one that is running. A
 * window whose lease ran out counts one attempt more: its worker may have died of it. What was tried before is claimed
 * alone when its turn comes, and left where it is until then.
 */
export async function claimWindows(
  request: WindowClaimRequest,
  db: Executor,
): Promise<readonly ClaimedWindow[]> {
  const { rows } = await sql<ClaimRow>`
    with oldest as materialized (${OLDEST_TRANSACTION}), candidate as materialized (
      select w.id, w.due_at, w.window_end, w.attempts > 0 or w.status = 'running' as tried
      from scouter.drift_window w
      where w.due_at <= now() and not exists (
        select from scouter.drift_window e
        where e.profile_id = w.profile_id and e.id <> w.id and e.due_at is not null
          and (e.window_end < w.window_end or (e.status = 'running' and e.due_at > now())))
      order by w.due_at, w.window_end limit ${request.limit} for update of w skip locked
    ), due as (
      select id from (
        select id, tried, first_value(tried) over o as first_is_tried, row_number() over o as place
        from candidate window o as (order by due_at, window_end, id)
      ) c where case when first_is_tried then place = 1 else not tried end
    )
    update scouter.drift_window w set
      status = 'running',
      fencing = w.fencing + 1,
      attempts = w.attempts + (w.status = 'running')::integer,
      last_error = case when w.status = 'running'
        then 'the lease of worker ' || w.claimed_by || ' ran out' else w.last_error end,
      due_at = now() + ${interval(request.leaseMs)},
      claimed_by = ${request.workerId},
      started_at = now()
    from due, scouter.profile p
    where w.id = due.id and p.id = w.profile_id
    returning w.id as "windowId", w.fencing, w.revised, w.attempts,
      w.window_end < (select begun from oldest) as settled,
      (extract(epoch from w.window_start) * 1000)::bigint as "startMs",
      (extract(epoch from w.window_end) * 1000)::bigint as "endMs",
      p.uid, p.space, p.name, p.version, p.drift_type as "driftType", p.profile`.execute(db);
  return rows.toSorted((a, b) => a.endMs - b.endMs || a.windowId - b.windowId).map(claimed);
}

function claimed(row: ClaimRow): ClaimedWindow {
  const { windowId, fencing, startMs, endMs, revised, attempts, settled, ...profile } = row;
  const claim = { windowId, fencing };
  return { claim, startMs, endMs, revised, attempt: attempts + 1, settled, profile };
}

export async function extendLease(
  { windowId, fencing }: WindowClaim,
  leaseMs: number,
  db: Executor,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update scouter.drift_window set due_at = now() + ${interval(leaseMs)}
    where id = ${windowId} and fencing = ${fencing} and status = 'running'`.execute(db);
  return numAffectedRows === 1n;
}

export async function failWindow(
  { windowId, fencing }: WindowClaim,
  failure: WindowFailure,
  db: Executor,
): Promise<WindowOutcome> {
  const { retryInMs } = failure;
  const next =
    retryInMs === undefined
      ? sql`status = 'failed', due_at = null, ended_at = now()`
      : sql`status = 'due', due_at = now() + ${interval(retryInMs)}`;
  const { numAffectedRows } = await sql`
    update scouter.drift_window set ${next},
      attempts = attempts + 1,
      last_error = ${storableText(failure.error, MAX_ERROR_LENGTH)},
      claimed_by = null
    where id = ${windowId} and fencing = ${fencing} and status = 'running'`.execute(db);
  return numAffectedRows === 1n ? "done" : "stale";
}

export async function releaseWindows(workerId: string, db: Executor): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update scouter.drift_window set status = 'due', due_at = now(), claimed_by = null
    where claimed_by = ${workerId} and status = 'running'`.execute(db);
  return Number(numAffectedRows);
}
