import { sql, type RawBuilder } from "kysely";
import { expiredBefore, forgetArchived, isWithin } from "../archived-day/archived-days.ts";
import { NEEDED_SINCE } from "../drift-window/needed-since.ts";
import { interval } from "../session/interval.ts";
import type { Executor, Session } from "../session/session.ts";
import type {
  DayRange,
  DayRows,
  ObservationDay,
  ObservationDayRepository,
  ObservationKind,
} from "./observation-day-repository.ts";

const TABLES: Readonly<Record<ObservationKind, string>> = {
  Spc: "spc_observation",
  Psi: "psi_observation",
  Custom: "custom_observation",
};
const KINDS = Object.keys(TABLES) as ObservationKind[];

/** Ingest and reads must not queue up behind a change of the parts that itself waits. */
const LOCK_LIMIT = "2s";
/** Names the lock under which one process at a time changes parts. */
const LOCK_KEY = 7_251_019;
/** About a megabyte of rows, as text about three. */
const BLOCKS_PER_STEP = 128;

export class SqlObservationDayRepository implements ObservationDayRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async prepare(daysAhead: number): Promise<void> {
    for (const kind of KINDS) {
      for (const day of await this.#daysToMake(kind, daysAhead)) {
        const make = (mayMove: boolean) =>
          this.#session.transaction((db) => makePart({ kind, day }, mayMove, db));
        if (!(await make(false))) await make(true);
      }
    }
  }

  async toArchive(ageDays: number): Promise<readonly ObservationDay[]> {
    const days: ObservationDay[] = [];
    for (const kind of KINDS) {
      const { rows } = await this.#session.run((db) =>
        sql<{ day: string }>`
          select day::text from (${partDays(kind)}) parts
          where day + 1 + ${ageDays}::integer <= (now() at time zone 'UTC')::date
            and (day + 1)::timestamp at time zone 'UTC' <= coalesce(${NEEDED_SINCE}, now())
          order by day`.execute(db),
      );
      days.push(...rows.map(({ day }) => ({ kind, day })));
    }
    return days.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  }

  async *rows(day: ObservationDay): AsyncGenerator<DayRows> {
    const part = partName(day);
    const size = await this.#session.run((db) =>
      sql<{ blocks: number }>`
        select (pg_relation_size(${part}::regclass)
          / current_setting('block_size')::bigint)::bigint as blocks`.execute(db),
    );
    const blocks = size.rows[0]?.blocks ?? 0;
    for (let first = 0; first < blocks; first += BLOCKS_PER_STEP) {
      const { rows } = await this.#session.run((db) =>
        sql<DayRows>`
          select coalesce(string_agg(json_build_object(
              'profile_uid', p.uid, 'series', s.name, 'received_at', o.received_at,
              'created_at', o.created_at, 'position', o.position, ${valuesOf(day.kind)}
            )::text || E'\n', ''), '') as text, count(*) as rows
          from ${sql.table(part)} o
            join scouter.observed_series s on s.id = o.series_id
            join scouter.profile p on p.id = o.profile_id
          where o.ctid >= ${`(${first},0)`}::tid and o.ctid < ${`(${first + BLOCKS_PER_STEP},0)`}::tid
        `.execute(db),
      );
      const [read] = rows;
      if (read !== undefined && read.rows > 0) yield read;
    }
  }

  finish(day: ObservationDay, rows: number): Promise<"done" | "changed"> {
    return this.#session.transaction(async (db) => {
      await takeTurn(db);
      const table = sql.table(`scouter.${TABLES[day.kind]}`);
      const part = sql.table(partName(day));
      // Whoever reads the table now reads all of it; whoever reads it later finds the day in the archive.
      await sql`lock table ${table}, ${part} in access exclusive mode`.execute(db);
      const held = await sql<{ rows: number }>`select count(*) as rows from ${part}`.execute(db);
      if (held.rows[0]?.rows !== rows) return "changed";
      await sql`
        insert into scouter.archived_day (series_table, day, rows)
        values (${TABLES[day.kind]}, ${day.day}::date, ${rows})`.execute(db);
      await sql`drop table ${part}`.execute(db);
      return "done";
    });
  }

  async archivedFor(ageMs: number): Promise<readonly ObservationDay[]> {
    const { rows } = await this.#session.run((db) =>
      sql<{ readonly series: string; readonly day: string }>`
        select series_table as series, day::text from scouter.archived_day
        where archived_at <= now() - ${interval(ageMs)} order by day, series_table`.execute(db),
    );
    return rows.flatMap(({ series, day }) =>
      KINDS.filter((kind) => TABLES[kind] === series).map((kind) => ({ kind, day })),
    );
  }

  expiredBefore(ageDays: number): Promise<string | undefined> {
    return this.#session.run((db) => expiredBefore("archived_day", ageDays, db));
  }

  forgetArchived(beforeDay: string): Promise<void> {
    return this.#session.run((db) => forgetArchived("archived_day", beforeDay, db));
  }

  async archived(kind: ObservationKind, within?: DayRange): Promise<readonly string[]> {
    const { rows } = await this.#session.run((db) =>
      sql<{ day: string }>`
        select day::text from scouter.archived_day where series_table = ${TABLES[kind]} and ${isWithin(within)} order by day
      `.execute(db),
    );
    return rows.map(({ day }) => day);
  }

  /**
   * The days ahead, and those of rows without a part; but for those that have one, or were archived. Today comes first: what
   * is received then has its place while older rows are moved.
   */
  async #daysToMake(kind: ObservationKind, daysAhead: number): Promise<readonly string[]> {
    const { rows } = await this.#session.run((db) =>
      sql<{ day: string }>`
        with today as (select (now() at time zone 'UTC')::date as day)
        select day::text from (
          select today.day + ahead as day from today, generate_series(0, ${daysAhead}::integer) ahead
          union
          select distinct (received_at at time zone 'UTC')::date
          from ${sql.table(`scouter.${TABLES[kind]}_other`)}
        ) wanted
        where day not in (${partDays(kind)})
          and day not in (
            select day from scouter.archived_day where series_table = ${TABLES[kind]})
        order by day < (select day from today), day`.execute(db),
    );
    return rows.map(({ day }) => day);
  }
}

/**
 * In a transaction. Attaching locks the default part alone; the parts that rows go to are not held up. Only when rows must
 * be moved, nobody reads or writes the table meanwhile: a read that was planned before would wait for the default part,
 * find it without these rows, and not know of the new part.
 *
 * @returns false when nothing was made, because there are rows to move
 */
async function makePart(day: ObservationDay, mayMove: boolean, db: Executor): Promise<boolean> {
  await takeTurn(db);
  const table = TABLES[day.kind];
  const whole = sql.table(`scouter.${table}`);
  const part = sql.table(partName(day));
  // Of the catalogue as it is now: `to_regclass` may answer from what this connection remembers of before its turn.
  const exists = await sql<{ found: boolean }>`
    select exists (
      select from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname || '.' || c.relname = ${partName(day)}) as found`.execute(db);
  // Another process was faster.
  if (exists.rows[0]?.found === true) return true;
  const from = sql`${day.day}::date::timestamp at time zone 'UTC'`;
  const other = sql.table(`scouter.${table}_other`);
  // Before the part's lock, as readers and writers take them.
  if (mayMove) await sql`lock table only ${whole} in access exclusive mode`.execute(db);
  await sql`lock table ${other} in access exclusive mode`.execute(db);
  const ofDay = sql`received_at >= ${from} and received_at < ${from} + interval '24 hours'`;
  const misplaced = await sql<{ found: boolean }>`
    select exists (select from ${other} where ${ofDay}) as found`.execute(db);
  if (misplaced.rows[0]?.found === true && !mayMove) return false;
  await sql`create table ${part} (like ${whole})`.execute(db);
  await sql`
    with moved as (delete from ${other} where ${ofDay} returning *)
    insert into ${part} select * from moved`.execute(db);
  // Bounds take no parameters; the day is one that the database wrote.
  const bound = (text: string) => sql.lit(`${text} 00:00:00+00`);
  await sql`alter table ${whole} attach partition ${part}
    for values from (${bound(day.day)}) to (${bound(dayAfter(day.day))})`.execute(db);
  return true;
}

async function takeTurn(db: Executor): Promise<void> {
  await sql`select set_config('lock_timeout', ${LOCK_LIMIT}, true)`.execute(db);
  await sql`select pg_advisory_xact_lock(${LOCK_KEY})`.execute(db);
}

/** The days that have a part. */
function partDays(kind: ObservationKind): RawBuilder<unknown> {
  return sql`
    select to_date(right(c.relname, 8), 'YYYYMMDD') as day
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ${`scouter.${TABLES[kind]}`}::regclass and c.relname ~ '_[0-9]{8}$'`;
}

function partName({ kind, day }: ObservationDay): string {
  return `scouter.${TABLES[kind]}_${day.replaceAll("-", "")}`;
}

function valuesOf(kind: ObservationKind): RawBuilder<unknown> {
  return kind === "Psi" ? sql`'bin_id', o.bin_id, 'bin_count', o.bin_count` : sql`'value', o.value`;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
