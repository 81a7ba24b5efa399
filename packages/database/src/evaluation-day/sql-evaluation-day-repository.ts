import { sql, type RawBuilder } from "kysely";
import { expiredBefore, forgetArchived, isWithin } from "../archived-day/archived-days.ts";
import { NEEDED_SINCE } from "../drift-window/needed-since.ts";
import { errors } from "../errors.ts";
import type { DayRange, DayRows } from "../observation/observation-day-repository.ts";
import { interval } from "../session/interval.ts";
import type { Executor, Session } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import { ARCHIVED_RECORD, ENDED_AT, HAS_ENDED } from "./archived-record.ts";
import type {
  ArchivedPart,
  ArchiveLease,
  EvaluationDayRepository,
  EvaluationPart,
} from "./evaluation-day-repository.ts";

/** What one transaction deletes: less than a second. A single record may have more. */
const ROWS_PER_PART = 70_000;
/** A record counts as so many rows at least. */
const ROWS_PER_RECORD = 7;
const RECORDS_PER_PART = ROWS_PER_PART / ROWS_PER_RECORD;
/** What one listing sorts; what is beyond comes with the next. */
const MOST_LISTED = 20 * RECORDS_PER_PART;
/** Contexts may be long: a step is held as text at once. */
const RECORDS_PER_STEP = 50;

interface LineRow {
  readonly line: string;
  readonly id: number;
  readonly ended: string;
}

export class SqlEvaluationDayRepository implements EvaluationDayRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async toArchive(ageDays: number): Promise<readonly EvaluationPart[]> {
    const { rows } = await this.#session.run((db) =>
      sql<{ day: string; part: number; ended: string; id: number }>`
        with old as (
          select ${ENDED_AT} as ended, r.id from scouter.eval_record r
          where ${HAS_ENDED} and ${ENDED_AT} < least(
            ((now() at time zone 'UTC')::date - ${ageDays}::integer)::timestamp at time zone 'UTC',
            date_trunc('day', coalesce(${NEEDED_SINCE}, now()), 'UTC'))
          order by ${ENDED_AT}, r.id limit ${MOST_LISTED}
        ), weighed as (
          select old.*, (ended at time zone 'UTC')::date as day,
            greatest(${ROWS_PER_RECORD}, 2 + w.total_tasks + w.skipped_tasks) as size
          from old left join scouter.eval_workflow w on w.eval_record_id = old.id
        ), cut as (
          select *, (sum(size) over (partition by day order by ended, id) - 1)
            / ${ROWS_PER_PART}::bigint as slice
          from weighed
        ), last as (
          select distinct on (day, slice) day, slice, ended, id from cut
          order by day, slice, ended desc, id desc
        )
        select day::text, ${timeText("ended")} as ended, id,
          (dense_rank() over (partition by last.day order by slice) - 1 + coalesce((select max(a.part) + 1 from scouter.archived_evaluation a
            where a.day = last.day), 0))::integer as part
        from last order by last.day, slice`.execute(db),
    );
    return rows.map(({ day, part, ended, id }) => ({ day, part, through: { endedAt: ended, id } }));
  }

  async *rows(part: EvaluationPart): AsyncGenerator<DayRows> {
    if (!(await this.#session.run((db) => isNext(part, db)))) {
      const { day, part: number } = part;
      throw errors.DATABASE_PART_OUT_OF_TURN({ day, part: number });
    }
    let after: { readonly ended: string; readonly id: number } | undefined;
    for (;;) {
      const further =
        after === undefined
          ? sql``
          : sql`and (${ENDED_AT}, r.id) > (${after.ended}::timestamptz, ${after.id}::bigint)`;
      const { rows } = await this.#session.run((db) =>
        sql<LineRow>`
          select ${ARCHIVED_RECORD} as line, page.id, ${timeText("page.ended")} as ended
          from (
            select r.id, ${ENDED_AT} as ended from scouter.eval_record r
            where ${isIn(part)} ${further}
            order by ${ENDED_AT}, r.id limit ${RECORDS_PER_STEP}
          ) page join scouter.eval_record r on r.id = page.id
            join scouter.profile p on p.id = r.profile_id
            left join scouter.eval_workflow w on w.eval_record_id = r.id
          order by page.ended, page.id`.execute(db),
      );
      if (rows.length > 0) {
        yield { text: rows.map(({ line }) => `${line}\n`).join(""), rows: rows.length };
      }
      if (rows.length < RECORDS_PER_STEP) return;
      after = rows.at(-1);
    }
  }

  finish(part: EvaluationPart, rows: number, lease: ArchiveLease): Promise<"done" | "changed"> {
    return this.#session.transaction(async (db) => {
      // Held to the end: whoever takes the lease next finds the part named, or its records all there.
      const held = await sql`
        select from scouter.lease where name = ${lease.name} and epoch = ${lease.epoch}
        for share`.execute(db);
      if (held.rows.length === 0 || !(await isNext(part, db))) return "changed";
      // A record that is to be evaluated again waits here, and is then found gone.
      const found = await sql<{ count: number }>`
        select count(*) as count from (
          select r.id from scouter.eval_record r where ${isIn(part)} order by r.id for update
        ) records`.execute(db);
      if (found.rows[0]?.count !== rows) return "changed";
      await addTotals(part, db);
      const ids = sql`(select r.id from scouter.eval_record r where ${isIn(part)})`;
      await sql`delete from scouter.eval_task where eval_record_id in ${ids}`.execute(db);
      await sql`delete from scouter.eval_workflow where eval_record_id in ${ids}`.execute(db);
      await sql`delete from scouter.eval_record r where ${isIn(part)}`.execute(db);
      await sql`
        insert into scouter.archived_evaluation (day, part, rows)
        values (${part.day}::date, ${part.part}, ${rows})`.execute(db);
      return "done";
    });
  }

  async archivedFor(ageMs: number): Promise<readonly ArchivedPart[]> {
    const { rows } = await this.#session.run((db) =>
      sql<ArchivedPart>`
        select day::text, part from scouter.archived_evaluation
        where day in (
          select day from scouter.archived_evaluation
          group by day having max(archived_at) <= now() - ${interval(ageMs)})
        order by day, part`.execute(db),
    );
    return rows;
  }

  expiredBefore(ageDays: number): Promise<string | undefined> {
    return this.#session.run((db) => expiredBefore("archived_evaluation", ageDays, db));
  }

  forgetArchived(beforeDay: string): Promise<void> {
    return this.#session.run((db) => forgetArchived("archived_evaluation", beforeDay, db));
  }

  async archived(within?: DayRange): Promise<readonly ArchivedPart[]> {
    const { rows } = await this.#session.run((db) =>
      sql<ArchivedPart>`
        select day::text, part from scouter.archived_evaluation
        where ${isWithin(within)} order by day, part`.execute(db),
    );
    return rows;
  }
}

/** Parts of a day are archived one after the other: what is written under a later one is left of a cut attempt. */
async function isNext({ day, part }: ArchivedPart, db: Executor): Promise<boolean> {
  const { rows } = await sql<{ next: number }>`
    select coalesce(max(part) + 1, 0) as next from scouter.archived_evaluation
    where day = ${day}::date`.execute(db);
  return rows[0]?.next === part;
}

/** Of a record `r`: whether it ended on the part's day, no later than the part's last record. */
function isIn({ day, through }: EvaluationPart): RawBuilder<boolean> {
  return sql<boolean>`${HAS_ENDED}
    and ${ENDED_AT} >= ${day}::date::timestamp at time zone 'UTC'
    and (${ENDED_AT}, r.id) <= (${through.endedAt}::timestamptz, ${through.id}::bigint)`;
}

/** What the counts over all time, and the newest of a profile, need of records that are gone. */
async function addTotals(part: EvaluationPart, db: Executor): Promise<void> {
  const sum = (column: string) => sql`coalesce(sum(${sql.ref(column)}), 0)`;
  const counted = [
    "processed",
    "failed",
    "evaluated",
    "total_tasks",
    "passed_tasks",
    "failed_tasks",
    "errored_tasks",
    "skipped_tasks",
  ].map((name) => sql`${sql.ref(name)} = total.${sql.ref(name)} + excluded.${sql.ref(name)}`);
  const latest = ["last_created_at", "last_received_at", "last_stored_at"].map(
    (name) => sql`${sql.ref(name)} = greatest(total.${sql.ref(name)}, excluded.${sql.ref(name)})`,
  );
  await sql`
    insert into scouter.archived_evaluation_total as total
    select r.profile_id, count(*) filter (where r.status = 'Processed'),
      count(*) filter (where r.status = 'Failed'), count(w.id), ${sum("w.total_tasks")},
      ${sum("w.passed_tasks")}, ${sum("w.failed_tasks")}, ${sum("w.errored_tasks")},
      ${sum("w.skipped_tasks")}, max(r.created_at), max(r.received_at), max(w.stored_at)
    from scouter.eval_record r left join scouter.eval_workflow w on w.eval_record_id = r.id
    where ${isIn(part)} group by r.profile_id order by r.profile_id
    on conflict (profile_id) do update set ${sql.join([...counted, ...latest])}`.execute(db);
}
