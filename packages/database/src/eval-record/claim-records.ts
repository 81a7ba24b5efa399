import { sql, type RawBuilder } from "kysely";
import { interval } from "../session/interval.ts";
import type { Executor } from "../session/session.ts";
import { storableText } from "../storable/storable-text.ts";
import {
  EVAL_RECORDS_CHANNEL,
  type ClaimedEvalRecord,
  type ClaimOutcome,
  type ClaimRequest,
  type DiscardRequest,
  type EvalClaim,
  type EvalFailure,
  type EvaluateAgainRequest,
} from "./eval-record-repository.ts";
import { RECORD_COLUMNS, recordColumns, type RecordRow } from "./record-columns.ts";

const MAX_ERROR_LENGTH = 8_000;

interface ClaimRow extends RecordRow {
  readonly fencing: number;
  readonly space: string;
  readonly name: string;
  readonly version: string;
  readonly was_due_at: string;
  readonly context_text?: string | null;
}

/**
 * Locks due rows that nobody else is locking, then marks them. A row whose lease ran out counts one attempt more: its
 * worker may have died of it.
 *
 * The limit is shared out: to the spaces that have due rows, and in a space to its profiles. `waiting` hops over the
 * index from profile to profile, so a claim costs by the number of profiles with open records, not by their backlogs. Its
 * order names `due_at` for the planner alone: ordered by profile only, it may take the index of all records, ended ones
 * too, and walk to its end when nothing is due.
 * When there are more of them than the limit, chance picks, so that none waits for ever.
 */
export async function claimRecords(
  request: ClaimRequest,
  db: Executor,
): Promise<readonly ClaimedEvalRecord[]> {
  const { rows } = await sql<ClaimRow>`
    with recursive waiting (profile_id) as (
      (select profile_id from scouter.eval_record where due_at is not null
        order by profile_id, due_at limit 1)
      union all
      select (select r.profile_id from scouter.eval_record r
        where r.due_at is not null and r.profile_id > w.profile_id
        order by r.profile_id, r.due_at limit 1)
      from waiting w where w.profile_id is not null
    ), ready as (
      select w.profile_id, count(*) over (partition by p.space) as profiles,
        dense_rank() over (order by p.space) as space_rank
      from waiting w join scouter.profile p on p.id = w.profile_id
      where not p.uid = any(${request.except ?? []}::text[])
        and exists (select from scouter.eval_record r
          where r.profile_id = w.profile_id and r.due_at <= now())
    ), share as (
      select profile_id, ceil(ceil(
        ${request.limit}::float8 / (select max(space_rank) from ready)) / profiles)::integer as size
      from ready order by random() limit ${request.limit}
    ), due as (
      select d.id, d.due_at from share cross join lateral (
        select r.id, r.due_at from scouter.eval_record r
        where r.profile_id = share.profile_id and r.due_at <= now()
        order by r.due_at, r.id limit share.size for update skip locked
      ) d limit ${request.limit}
    )
    update scouter.eval_record r set
      status = 'Processing',
      fencing = r.fencing + 1,
      retry_count = r.retry_count + (r.status = 'Processing')::integer,
      last_error = case when r.status = 'Processing'
        then 'the lease of worker ' || r.claimed_by || ' ran out' else r.last_error end,
      due_at = now() + ${interval(request.leaseMs)},
      claimed_by = ${request.workerId},
      processing_started_at = now(),
      updated_at = now()
    from due, scouter.profile p
    where r.id = due.id and p.id = r.profile_id
    returning ${columnsOf(request)}, r.fencing, p.space, p.name, p.version,
      to_char(due.due_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as was_due_at`.execute(db);
  return rows.toSorted(byDueTime).map(claimed);
}

/** The size is that of the stored form, often compressed: asking for it reads nothing. */
function columnsOf({ contextTextAbove: limit }: ClaimRequest): RawBuilder<unknown> {
  if (limit === undefined) return RECORD_COLUMNS;
  const isLong = sql`pg_column_size(r.context) > ${limit}::integer`;
  return recordColumns(sql`
    case when not ${isLong} then r.context end as context,
    case when ${isLong} then r.context::text end as context_text`);
}

/** UPDATE returns its rows in no particular order. The times are texts of one length, so they compare as text. */
function byDueTime(a: ClaimRow, b: ClaimRow): number {
  if (a.was_due_at !== b.was_due_at) return a.was_due_at < b.was_due_at ? -1 : 1;
  return a.id - b.id;
}

function claimed(row: ClaimRow): ClaimedEvalRecord {
  const { fencing, space, name, version, was_due_at: _, context_text: text, ...record } = row;
  return {
    claim: { recordId: record.id, fencing },
    record,
    ...(typeof text === "string" ? { contextText: text } : {}),
    profile: { uid: record.entity_uid, space, name, version },
    attempt: record.retry_count + 1,
  };
}

/** Extends what is still held; resolves with what is not. */
export async function extendLeases(
  claims: readonly EvalClaim[],
  leaseMs: number,
  db: Executor,
): Promise<readonly EvalClaim[]> {
  const { rows } = await sql<{ id: number; fencing: number }>`
    update scouter.eval_record r set due_at = now() + ${interval(leaseMs)}
    from json_to_recordset(${JSON.stringify(claims)}::json)
      as held ("recordId" bigint, fencing bigint)
    where r.id = held."recordId" and r.fencing = held.fencing and r.status = 'Processing'
    returning r.id, r.fencing`.execute(db);
  const held = new Set(rows.map((row) => `${row.id}/${row.fencing}`));
  return claims.filter((claim) => !held.has(`${claim.recordId}/${claim.fencing}`));
}

export async function failClaim(
  claim: EvalClaim,
  failure: EvalFailure,
  db: Executor,
): Promise<ClaimOutcome> {
  const { retryInMs } = failure;
  const next =
    retryInMs === undefined
      ? sql`status = 'Failed', due_at = null, processing_ended_at = now()`
      : sql`status = 'Pending', due_at = now() + ${interval(retryInMs)}`;
  const { numAffectedRows } = await sql`
    update scouter.eval_record set ${next},
      retry_count = retry_count + 1,
      last_error = ${storableText(failure.error, MAX_ERROR_LENGTH)},
      claimed_by = null,
      updated_at = now()
    where id = ${claim.recordId} and fencing = ${claim.fencing} and status = 'Processing'
  `.execute(db);
  return numAffectedRows === 1n ? "done" : "stale";
}

/**
 * Makes ended records due again, as a new revision and without the attempts they had. Their results stay until the new
 * ones replace them. Of one record when it is named, else of all that were given up.
 */
export function evaluateAgain(
  { profileUid, recordUid }: EvaluateAgainRequest,
  db: Executor,
): Promise<number> {
  const chosen =
    recordUid === undefined
      ? sql`r.status = 'Failed'`
      : sql`r.status in ('Failed', 'Processed') and r.uid = ${recordUid}`;
  return dueAgain(sql`p.uid = ${profileUid.toLowerCase()} and ${chosen}`, db);
}

/** Records that were given up stay as they are, but nobody is told of them any more. */
export async function discardRecords(
  { profileUid, recordUid }: DiscardRequest,
  db: Executor,
): Promise<number> {
  const chosen = recordUid === undefined ? sql`` : sql`and r.uid = ${recordUid}`;
  const { numAffectedRows = 0n } = await sql`
    update scouter.eval_record r set discarded_at = now(), updated_at = now()
    from scouter.profile p
    where p.id = r.profile_id and p.uid = ${profileUid.toLowerCase()}
      and r.status = 'Failed' and r.discarded_at is null ${chosen}`.execute(db);
  return Number(numAffectedRows);
}

/** A trace id is stored as it was sent, so both spellings are looked for. */
export function evaluateTraceAgain(
  traceId: string,
  spanCount: number,
  db: Executor,
): Promise<number> {
  const spellings = [traceId.toLowerCase(), traceId.toUpperCase()];
  return dueAgain(
    sql`r.trace_id = any(${spellings}::text[]) and r.status = 'Processed'
      and r.spans_seen < ${spanCount}::integer`,
    db,
  );
}

async function dueAgain(condition: RawBuilder<unknown>, db: Executor): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with again as (
      update scouter.eval_record r set
        status = 'Pending', due_at = now(), retry_count = 0, revision = r.revision + 1,
        last_error = null, processing_ended_at = null, discarded_at = null, updated_at = now()
      from scouter.profile p
      where p.id = r.profile_id and ${condition}
      returning r.id
    )
    select count(*)::integer as count,
      case when count(*) > 0 then pg_notify(${EVAL_RECORDS_CHANNEL}, '')::text end as notified
    from again`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Released records are due at once and keep their place by the time they were received. */
export async function releaseClaims(workerId: string, db: Executor): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update scouter.eval_record set
      status = 'Pending', due_at = received_at, claimed_by = null, updated_at = now()
    where claimed_by = ${workerId} and status = 'Processing'`.execute(db);
  return Number(numAffectedRows);
}
