import { sql, type RawBuilder } from "kysely";
import { instant } from "../session/period.ts";
import { profileId } from "../session/profile-id.ts";
import type { Executor } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import { seriesOf } from "./observed-series.ts";
import {
  chartGrid,
  MOST_CHARTED,
  type BinPoint,
  type ChartPoint,
  type ChartRange,
} from "./observation-repository.ts";

function bucketOf(column: string, range: ChartRange): RawBuilder<string> {
  const { widthMs, originMs } = chartGrid(range);
  const width = sql`make_interval(secs => ${widthMs / 1000}::float8)`;
  return sql<string>`date_bin(${width}, ${sql.ref(column)}, ${instant(originMs)})`;
}

function created(column: string, { beginMs, endMs }: ChartRange): RawBuilder<boolean> {
  const time = sql.ref(column);
  return sql<boolean>`${time} >= ${instant(beginMs)} and ${time} < ${instant(endMs)}`;
}

function charted(column: string): RawBuilder<number> {
  const most = sql`${MOST_CHARTED}::float8`;
  return sql<number>`least(greatest(${sql.ref(column)}, -${most}), ${most})`;
}

interface ChartSource {
  /** Rows with `series`, `bucket` and `value`. */
  readonly rows: RawBuilder<unknown>;
}

async function chart({ rows }: ChartSource, db: Executor): Promise<readonly ChartPoint[]> {
  const result = await sql<ChartPoint>`
    select series, ${timeText("bucket")} as bucket, count(*) as count, avg(value)::float8 as average,
      coalesce(stddev_samp(value), 0)::float8 as deviation
    from (${rows}) v group by series, v.bucket order by series, v.bucket`.execute(db);
  return result.rows;
}

export function valueChart(
  table: "spc_observation" | "custom_observation",
  { uid, range }: { readonly uid: string; readonly range: ChartRange },
  db: Executor,
): Promise<readonly ChartPoint[]> {
  const rows = sql`
    select s.name as series, ${bucketOf("o.created_at", range)} as bucket, ${charted("o.value")} as value
    from ${sql.table(`scouter.${table}`)} o join ${seriesOf(uid)}
    where o.profile_id = ${profileId(uid)} and ${created("o.created_at", range)}`;
  return chart({ rows }, db);
}

export async function binChart(
  uid: string,
  range: ChartRange,
  db: Executor,
): Promise<readonly BinPoint[]> {
  const { rows } = await sql<BinPoint>`
    select series, ${timeText("bucket")} as bucket, bin_id as "binId",
      sum(bin_count)::bigint as count
    from (
      select s.name as series, ${bucketOf("o.created_at", range)} as bucket, o.bin_id, o.bin_count
      from scouter.psi_observation o join ${seriesOf(uid)}
      where o.profile_id = ${profileId(uid)} and ${created("o.created_at", range)}
    ) v group by series, v.bucket, bin_id order by series, v.bucket, bin_id`.execute(db);
  return rows;
}

export function taskChart(
  uid: string,
  range: ChartRange,
  db: Executor,
): Promise<readonly ChartPoint[]> {
  const rows = sql`
    select t.task_id as series, ${bucketOf("w.created_at", range)} as bucket, t.value
    from scouter.eval_workflow w join scouter.eval_task t on t.eval_record_id = w.eval_record_id
    where w.profile_id = ${profileId(uid)} and t.outcome <> 'skipped'
      and ${created("w.created_at", range)}`;
  return chart({ rows }, db);
}

/** A workflow that counted no task has no rate. */
export function workflowChart(
  uid: string,
  range: ChartRange,
  db: Executor,
): Promise<readonly ChartPoint[]> {
  const rows = sql`
    select 'workflow' as series, ${bucketOf("w.created_at", range)} as bucket,
      w.pass_rate as value
    from scouter.eval_workflow w
    where w.profile_id = ${profileId(uid)} and w.total_tasks > 0
      and ${created("w.created_at", range)}`;
  return chart({ rows }, db);
}
