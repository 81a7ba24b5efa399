import { sqlText } from "../reader/sql-text.ts";
import { micros, parquet } from "./archive-sql.ts";
import type { ArchiveWindow } from "./observation-archive.ts";

type Paths = readonly string[];

const IN_ORDER = "created_at, received_at, position";
const TIME = "strftime(created_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')";
/** Beyond this a value counts as infinite, as in the database: what they add up to is the same wherever they are. */
const MOST_SUMMED = "1e290";

/** Rows: series, time, value. */
export function windowValuesSql(query: ArchiveWindow, paths: Paths): string {
  return `SELECT series, ${TIME}, value FROM ${received(query, paths)}
    ORDER BY series, ${IN_ORDER}`;
}

/** The same rows: the newest `count` of each series. */
export function lastValuesSql(
  query: ArchiveWindow & { readonly count: number },
  paths: Paths,
): string {
  return `SELECT series, ${TIME}, value FROM (
      SELECT * FROM ${received(query, paths)}
      QUALIFY row_number() OVER (PARTITION BY series ORDER BY received_at DESC, position DESC)
        <= ${query.count})
    ORDER BY series, ${IN_ORDER}`;
}

/** Rows: series, sum, count. */
export function windowSumsSql(query: ArchiveWindow, paths: Paths): string {
  return `SELECT series, sum(CASE WHEN abs(value) <= ${MOST_SUMMED} THEN value
      ELSE sign(value) * 'Infinity'::DOUBLE END), count(*)
    FROM ${received(query, paths)} GROUP BY series ORDER BY series`;
}

/** Rows: series, bin, count. */
export function windowBinsSql(query: ArchiveWindow, paths: Paths): string {
  return `SELECT series, bin_id, sum(bin_count)::BIGINT
    FROM ${received(query, paths)} GROUP BY series, bin_id ORDER BY series, bin_id`;
}

function received({ profileUid, beginMs, endMs }: ArchiveWindow, paths: Paths): string {
  return `(SELECT * FROM ${parquet(paths)}
    WHERE profile_uid = ${sqlText(profileUid.toLowerCase())}
      AND received_at >= make_timestamptz(${micros(beginMs)})
      AND received_at < make_timestamptz(${micros(endMs)}))`;
}
