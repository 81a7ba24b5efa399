import { sqlText } from "../reader/sql-text.ts";
import type { ArchiveQuery } from "./observation-archive.ts";

/** Rows: series, bucket (milliseconds), count, average, sample standard deviation. */
export function valueChartSql(query: ArchiveQuery, paths: readonly string[]): string {
  const most = query.mostCharted;
  return `SELECT series, ${bucket(query)} AS bucket, count(*), avg(v), coalesce(stddev_samp(v), 0)
    FROM (SELECT series, created_at, least(greatest(value, -${most}::DOUBLE), ${most}::DOUBLE) AS v
      FROM ${source(query, paths)})
    GROUP BY series, bucket ORDER BY series, bucket`;
}

/** Rows: series, bucket (milliseconds), bin, count. */
export function binChartSql(query: ArchiveQuery, paths: readonly string[]): string {
  return `SELECT series, ${bucket(query)} AS bucket, bin_id, sum(bin_count)::BIGINT
    FROM ${source(query, paths)}
    GROUP BY series, bucket, bin_id ORDER BY series, bucket, bin_id`;
}

function source({ profileUid, beginMs, endMs }: ArchiveQuery, paths: readonly string[]): string {
  return `(SELECT * FROM ${parquet(paths)}
    WHERE profile_uid = ${sqlText(profileUid.toLowerCase())}
      AND created_at >= make_timestamptz(${micros(beginMs)})
      AND created_at < make_timestamptz(${micros(endMs)}))`;
}

export function parquet(paths: readonly string[]): string {
  return `read_parquet([${paths.map((path) => sqlText(path)).join(", ")}], hive_partitioning = false)`;
}

/** The begin of the bucket: rounded down also before the origin, in whole numbers. */
export function bucket(
  { widthMs, originMs }: Pick<ArchiveQuery, "widthMs" | "originMs">,
  column = "created_at",
): string {
  const since = `(epoch_us(${column}) - ${micros(originMs)})`;
  const width = micros(widthMs);
  return `(epoch_us(${column}) - ((${since} % ${width}) + ${width}) % ${width}) // 1000`;
}

/** Whole microseconds: milliseconds since 1970 hold three digits behind the point. */
export function micros(ms: number): string {
  return BigInt(Math.round(ms * 1000)).toString();
}
