import { sql, type RawBuilder } from "kysely";
import { instant } from "../session/period.ts";
import { profileId } from "../session/profile-id.ts";
import type { Executor } from "../session/session.ts";
import { seriesOf } from "./observed-series.ts";
import type {
  AgentTallies,
  PassTally,
  ProfileWindow,
  TimeWindow,
  ValueTally,
} from "./observation-repository.ts";

function received(uid: string, { startMs, endMs }: TimeWindow): RawBuilder<boolean> {
  return sql<boolean>`o.profile_id = ${profileId(uid)}
    and o.received_at > ${instant(startMs)} and o.received_at <= ${instant(endMs)}`;
}

const IN_ORDER = sql`o.created_at, o.received_at, o.position`;

interface ValuesRow {
  readonly name: string;
  readonly values: readonly number[];
}

export async function spcValues(
  uid: string,
  window: TimeWindow,
  db: Executor,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { rows } = await sql<ValuesRow>`
    select s.name, json_agg(o.value order by ${IN_ORDER}) as values
    from scouter.spc_observation o join ${seriesOf(uid)}
    where ${received(uid, window)} group by s.name order by s.name`.execute(db);
  return new Map(rows.map(({ name, values }) => [name, values]));
}

export async function lastSpcValues(
  { uid, atMs, count }: { readonly uid: string; readonly atMs: number; readonly count: number },
  db: Executor,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { rows } = await sql<ValuesRow>`
    select s.name, json_agg(o.value order by ${IN_ORDER}) as values
    from scouter.observed_series s cross join lateral (
      select * from scouter.spc_observation
      where profile_id = s.profile_id and series_id = s.id and received_at <= ${instant(atMs)}
      order by received_at desc, position desc limit ${count}
    ) o
    where s.profile_id = ${profileId(uid)} group by s.name order by s.name`.execute(db);
  return new Map(rows.map(({ name, values }) => [name, values]));
}

/**
 * Of many windows by one statement. Each is aggregated by itself, so that every one is a range of the index, and comes back
 * as one row a feature.
 */
export async function psiBinCounts(
  windows: readonly ProfileWindow[],
  db: Executor,
): Promise<readonly ReadonlyMap<string, ReadonlyMap<number, number>>[]> {
  const input = windows.map(({ uid, startMs, endMs }, position) => ({
    position,
    uid: uid.toLowerCase(),
    after: new Date(startMs).toISOString(),
    through: new Date(endMs).toISOString(),
  }));
  const { rows } = await sql<BinCountsRow>`
    select i.position, s.name, o.counts
    from (
      select t.position, t.after, t.through, p.id as profile_id
      from json_to_recordset(${JSON.stringify(input)}::json) as t (
        position integer, uid text, after timestamptz, through timestamptz)
      join scouter.profile p on p.uid = t.uid
    ) i cross join lateral (
      select b.series_id, json_object_agg(b.bin_id, b.count) as counts
      from (
        select o.series_id, o.bin_id, sum(o.bin_count) as count
        from scouter.psi_observation o
        where o.profile_id = i.profile_id
          and o.received_at > i.after and o.received_at <= i.through
        group by o.series_id, o.bin_id
      ) b group by b.series_id
    ) o join scouter.observed_series s on s.id = o.series_id and s.profile_id = i.profile_id
    order by i.position, s.name`.execute(db);
  const counts = windows.map(() => new Map<string, ReadonlyMap<number, number>>());
  for (const { position, name, counts: bins } of rows) {
    const byBin = Object.entries(bins).map(([id, count]): [number, number] => [Number(id), count]);
    counts[position]?.set(name, new Map(byBin));
  }
  return counts;
}

interface BinCountsRow {
  readonly position: number;
  readonly name: string;
  /** By bin id. */
  readonly counts: Readonly<Record<string, number>>;
}

export async function customTallies(
  uid: string,
  window: TimeWindow,
  db: Executor,
): Promise<ReadonlyMap<string, ValueTally>> {
  const { rows } = await sql<ValueTally & { name: string }>`
    select s.name, ${tallyOf("o.value")}
    from scouter.custom_observation o join ${seriesOf(uid)}
    where ${received(uid, window)} group by s.name order by s.name`.execute(db);
  return new Map(rows.map(({ name, ...tally }) => [name, tally]));
}

/** Beyond this a value counts as infinite: PostgreSQL refuses the whole statement when finite values add up to more than a double holds. */
const MOST_SUMMED = 1e290;

function tallyOf(column: string): RawBuilder<unknown> {
  const value = sql.ref(column);
  return sql`coalesce(sum(case when abs(${value}) <= ${MOST_SUMMED}::float8 then ${value}
    else sign(${value}) * 'Infinity'::float8 end), 0)::float8 as sum, count(*) as count`;
}

export async function agentTallies(
  uid: string,
  window: TimeWindow,
  db: Executor,
): Promise<AgentTallies> {
  const stored = sql`w.profile_id = ${profileId(uid)}
    and w.stored_at > ${instant(window.startMs)} and w.stored_at <= ${instant(window.endMs)}`;
  const all = await sql<ValueTally & PassTally>`
    select ${tallyOf("w.pass_rate")}, coalesce(sum(w.passed_tasks), 0)::bigint as passed,
      coalesce(sum(w.total_tasks), 0)::bigint as total
    from scouter.eval_workflow w where ${stored} and w.total_tasks > 0`.execute(db);
  const tasks = await sql<PassTally & { task_id: string }>`
    select t.task_id, count(*) filter (where t.passed) as passed, count(*) as total
    from scouter.eval_workflow w join scouter.eval_task t on t.eval_record_id = w.eval_record_id
    where ${stored} and t.outcome <> 'skipped'
    group by t.task_id order by t.task_id`.execute(db);
  const { passed, total, ...passRates } = all.rows[0] as ValueTally & PassTally;
  return {
    passRates,
    tasks: { passed, total },
    byTask: new Map(tasks.rows.map(({ task_id: task, ...tally }) => [task, tally])),
  };
}

export async function rowCount(uid: string, window: TimeWindow, db: Executor): Promise<number> {
  const rowsIn = (table: string) =>
    sql`(select count(*) from ${sql.table(`scouter.${table}`)} o where ${received(uid, window)})`;
  const { rows } = await sql<{ count: number }>`
    select ${rowsIn("spc_observation")} + ${rowsIn("psi_observation")}
      + ${rowsIn("custom_observation")} + (
        select count(*) from scouter.eval_workflow w where w.profile_id = ${profileId(uid)}
          and w.stored_at > ${instant(window.startMs)} and w.stored_at <= ${instant(window.endMs)}
      ) as count`.execute(db);
  return rows[0]?.count ?? 0;
}
