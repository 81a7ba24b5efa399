import type { Engine } from "../engine/duckdb-engine.ts";
import { sqlText } from "../reader/sql-text.ts";
import type { SpanTable } from "../table/span-table.ts";
import { PARTITION_COLUMN, traceSpanColumns } from "../table/trace-spans.ts";
import { type SegmentWriter, writeRows, writtenFragments } from "../writer/write-segment.ts";

/** Owner under whose name the fragments of spans that are older than the table of summaries are committed. */
const EARLIER = "before-summaries";

export interface EarlierParts extends Omit<SegmentWriter, "connection" | "files"> {
  readonly spans: SpanTable;
  readonly summaries: SpanTable;
  readonly engine: Engine;
}

/**
 * Fragments of the spans that were committed before there were summaries, once: a file for each file. Two processes that
 * do it at the same time, or one that meets what is still in the log, do no harm: fragments may say a thing twice.
 */
export async function summarizeEarlier(parts: EarlierParts): Promise<void> {
  const { spans, summaries, engine, ...writing } = parts;
  if (summaries.watermark(EARLIER) > 0) return;
  const added = [];
  for (const file of spans.files()) {
    const held = spans.hold([file]);
    try {
      await held.ready();
      const date = file.add.partitionValues[PARTITION_COLUMN] ?? "";
      const writer = { ...writing, files: summaries.dataFiles };
      added.push(
        await engine.withConnection((connection) =>
          writeRows({ ...writer, connection }, stagedAgainSql(file.path), {
            table: writtenFragments,
            date,
            traces: file.records,
          }),
        ),
      );
    } finally {
      held.release();
    }
  }
  await summaries.append({ owner: EARLIER, firstSequence: 1, lastSequence: 1, files: added });
}

/** Stored spans in the form in which they are staged, columns that the file lacks as null. */
function stagedAgainSql(path: string): string {
  const typed = traceSpanColumns
    .filter(({ isAdded, staged }) => isAdded === true && staged !== undefined)
    .map(({ name, staged }) => `NULL::${staged} AS ${name}`);
  return `SELECT * REPLACE (
      to_json(resource_attributes)::VARCHAR AS resource_attributes,
      to_json(entity_ids)::VARCHAR AS entity_ids, to_json(queue_ids)::VARCHAR AS queue_ids)
    FROM (SELECT * FROM (SELECT ${typed.join(", ")}) WHERE false
      UNION ALL BY NAME SELECT * FROM read_parquet(${sqlText(path)}, hive_partitioning = false))`;
}
