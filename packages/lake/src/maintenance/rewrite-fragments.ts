import { allSummaryNames, mergeFragmentsSql } from "../summary/trace-summaries.ts";
import { summaryStatistics } from "../summary/summary-statistics.ts";
import { PARTITION_COLUMN } from "../table/trace-spans.ts";
import {
  count,
  filesSource,
  ranges,
  type RewriteParts,
  type Rewriting,
  type Rewritten,
  writeFile,
} from "./rewrite-files.ts";

/**
 * Writes the fragments of the files into files of about the target size that follow each other by start, those of one
 * trace joined. Fragments of a trace that fall into two files stay two: a read joins them.
 *
 * A table that has columns which this program does not know keeps all its rows, in order: nobody here can join those.
 */
export async function rewriteFragments(
  parts: RewriteParts,
  rewriting: Rewriting,
): Promise<Rewritten> {
  const { connection, schema } = parts;
  const source = filesSource(rewriting.files);
  const columns = schema.fields.map(({ name }) => name).filter((name) => name !== PARTITION_COLUMN);
  const canJoin = columns.every((name) => allSummaryNames.includes(name));
  const names = columns.map((name) => `"${name}"`).join(", ");
  const before = await count(connection, `SELECT count(*) FROM ${source}`);
  const files = [];
  for (const range of await ranges(connection, source, rewriting)) {
    const rows = `SELECT ${names} FROM ${source} WHERE ${range}`;
    const written = await writeFile(
      parts,
      rewriting,
      `SELECT ${names} FROM (${canJoin ? mergeFragmentsSql(rows) : rows}) ORDER BY start_time_unix_nano`,
      { statistics: summaryStatistics, variety: "many" },
    );
    if (written !== undefined) files.push(written);
  }
  const after = files.reduce((sum, { stats }) => sum + recordsOf(stats), 0);
  return { files, repeats: before - after };
}

function recordsOf(stats: string | undefined): number {
  return stats === undefined
    ? 0
    : (JSON.parse(stats) as { readonly numRecords: number }).numRecords;
}
