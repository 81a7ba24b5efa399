import { sourceSql, type TableView, within } from "../reader/read-view.ts";
import type { StartRange } from "../reader/start-range.ts";
import { summaryReadColumns } from "./trace-summaries.ts";

/** SQL of fragments that begin in the range, with these columns. Spans that are not committed are fragments of one. */
export function fragmentsSql(
  view: TableView,
  range: StartRange,
  columns: readonly string[],
): Promise<string> {
  const condition = `start_time_unix_nano >= ${range.fromNano} AND start_time_unix_nano < ${range.toNano}`;
  return sourceSql(within(view, range), summaryReadColumns([...new Set(columns)]), condition);
}
