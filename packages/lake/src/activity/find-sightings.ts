import type { DuckDBConnection } from "@duckdb/node-api";
import { queuedEntitiesOf } from "@scouter/telemetry";
import { type ReadView, traceSourceSql } from "../reader/read-view.ts";
import { spansOfTrace, textList } from "../reader/spans-of-trace.ts";
import { sqlText } from "../reader/sql-text.ts";
import { readColumns } from "../table/trace-spans.ts";
import type { Segment } from "../writer/segment.ts";
import type { Sighted } from "./span-sightings.ts";
import type { TraceSighting } from "./trace-sighting.ts";

const columns = ["trace_id", "span_id", "parent_span_id", "entity_ids", "queue_ids"] as const;

/** What a view holds of these traces, as if it had been received just now. Unknown ones are left out. */
export async function findSightings(
  connection: DuckDBConnection,
  view: ReadView,
  traceIds: readonly string[],
): Promise<readonly TraceSighting[]> {
  if (traceIds.length === 0) return [];
  const ids = traceIds.map(sqlText).join(", ");
  const where = `trace_id IN (${ids})`;
  const source = await traceSourceSql(view, readColumns(columns), traceIds, where);
  if (source === undefined) return [];
  const reader = await connection.runAndReadAll(
    `SELECT trace_id, count(DISTINCT span_id) AS spans, bool_or(parent_span_id IS NULL) AS root_ended,
      to_json(list_sort(list_distinct(flatten(list(entity_ids)))))::VARCHAR AS entity_ids,
      to_json(list_sort(list_distinct(flatten(list(queue_ids)))))::VARCHAR AS queue_ids
    FROM (${source}) GROUP BY trace_id`,
  );
  const found: TraceSighting[] = [];
  for (const row of reader.getRowObjects()) {
    const traceId = row["trace_id"] as string;
    const queueIds = textList(row["queue_ids"]);
    found.push({
      traceId,
      spans: Number(row["spans"]),
      rootEnded: row["root_ended"] as boolean,
      agoMs: 0,
      entityIds: textList(row["entity_ids"]),
      queueIds,
      queuedEntityIds: queueIds.length === 0 ? [] : await queuedIn(connection, view, traceId),
    });
  }
  return found;
}

async function queuedIn(connection: DuckDBConnection, view: ReadView, traceId: string) {
  const spans = await spansOfTrace(connection, view, { traceId });
  return [...new Set(spans.flatMap(queuedEntitiesOf))].toSorted();
}

/** Which of these traces a segment has spans of that name nothing; those that do were noted when they came. */
export async function findInSegment(
  connection: DuckDBConnection,
  segment: Segment,
  traceIds: readonly string[],
  nowMs: number,
): Promise<Map<string, Sighted>> {
  const reader = await connection.runAndReadAll(
    `SELECT trace_id, count(*) AS spans, bool_or(parent_span_id IS NULL) AS root_ended
      FROM ${segment.table} WHERE trace_id IN (${traceIds.map(sqlText).join(", ")})
      GROUP BY trace_id`,
  );
  return new Map(
    reader.getRows().map(([traceId, spans, rootEnded]) => [
      traceId as string,
      {
        spans: Number(spans),
        rootEnded: rootEnded as boolean,
        receivedAtMs: nowMs,
        entityIds: new Set<string>(),
        queueIds: new Set<string>(),
        queuedEntityIds: new Set<string>(),
      },
    ]),
  );
}
