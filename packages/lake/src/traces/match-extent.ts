import type { DuckDBConnection } from "@duckdb/node-api";
import { type ReadView, within } from "../reader/read-view.ts";
import { fragmentsSql } from "../summary/fragment-source.ts";
import { reachOf } from "./merged-traces.ts";
import type { TimeRange } from "./trace-queries.ts";

/** To ask the fragments costs as much as to look at so many spans. */
const SPANS_WORTH_ASKING = 20_000;

/**
 * Until when spans are to be looked at for traces that begin in the range, nanoseconds, not included: behind the range lie
 * only late spans of such traces, none as a rule, among those of all later traces within reach. Fragments tell how far
 * those go that have one in the range: by that one, and by others of the same traces, which may have come later.
 */
export async function endOfMatches(
  connection: DuckDBConnection,
  view: ReadView,
  range: TimeRange,
): Promise<bigint> {
  const behind = { fromNano: range.toNano, toNano: reachOf(range).toNano };
  const spansBehind = within(view, behind).files.reduce((sum, { records }) => sum + records, 0);
  if (spansBehind < SPANS_WORTH_ASKING) return behind.toNano;
  const columns = ["trace_id", "end_time_unix_nano"];
  const inRange = await fragmentsSql(view.summaries, range, columns);
  const later = await fragmentsSql(view.summaries, behind, columns);
  const reader = await connection.runAndReadAll(
    `WITH in_range AS MATERIALIZED (${inRange})
      SELECT max(end_time_unix_nano) FROM (
        SELECT end_time_unix_nano FROM in_range
        UNION ALL
        SELECT end_time_unix_nano FROM (${later})
          WHERE trace_id IN (SELECT trace_id FROM in_range))`,
  );
  const last = (reader.getRows()[0]?.[0] ?? range.toNano) as bigint;
  const end = last < range.toNano ? range.toNano : last + 1n;
  return end < behind.toNano ? end : behind.toNano;
}
