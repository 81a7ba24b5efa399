import type { Engine } from "../engine/duckdb-engine.ts";
import type { SpanTable } from "../table/span-table.ts";
import { readRowGroups } from "./row-groups.ts";
import { TraceIndex } from "./trace-index.ts";

/** About 20 MB of filters: two bytes for each trace of ten spans. */
const CAPACITY_SPANS = 100_000_000;

/** The index of a table whose files have the columns `trace_id` and `start_time_unix_nano`. */
export function openTraceIndex(engine: Engine, table: Pick<SpanTable, "hold">): TraceIndex {
  return new TraceIndex({
    hold: (files) => table.hold(files),
    read: (paths) => engine.withConnection((connection) => readRowGroups(connection, paths)),
    capacitySpans: CAPACITY_SPANS,
  });
}
