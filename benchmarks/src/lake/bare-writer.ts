/**
 * The yardstick of ingest, a process of its own: decodes export requests and writes Parquet files with DuckDB in batches
 * of 10,000 spans, and does nothing else: no HTTP, no log, no commit, no columns but those of the request. Prints
 * `{spans, cpuSeconds}` for the seconds it is given.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BIGINT,
  DuckDBDataChunk,
  DuckDBInstance,
  INTEGER,
  VARCHAR,
  type DuckDBConnection,
} from "@duckdb/node-api";
import { decodeOtlpProtobuf, type SpanRow } from "@scouter/telemetry";
import { requestMarks, requestTemplates } from "./span-shape.ts";

const BATCH_SPANS = 10_000;
const CHUNK_ROWS = 2_048;
/** As the lake's own: the yardstick is not to be slowed down by an encoding that the lake has given up. */
const COPY_OPTIONS =
  "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE 20480, DICTIONARY_SIZE_LIMIT 10240";

type Value = string | number | bigint | null;

const columns: Readonly<
  Record<string, { type: "VARCHAR" | "BIGINT" | "INTEGER"; of: (span: SpanRow) => Value }>
> = {
  trace_id: { type: "VARCHAR", of: (span) => span.traceId },
  span_id: { type: "VARCHAR", of: (span) => span.spanId },
  parent_span_id: { type: "VARCHAR", of: (span) => span.parentSpanId },
  trace_state: { type: "VARCHAR", of: (span) => span.traceState },
  flags: { type: "INTEGER", of: (span) => span.flags },
  span_name: { type: "VARCHAR", of: (span) => span.name },
  span_kind: { type: "VARCHAR", of: (span) => span.kind },
  service_name: { type: "VARCHAR", of: (span) => span.serviceName },
  scope_name: { type: "VARCHAR", of: (span) => span.scopeName },
  scope_version: { type: "VARCHAR", of: (span) => span.scopeVersion },
  start_time_unix_nano: { type: "BIGINT", of: (span) => span.startTimeUnixNano },
  duration_nano: { type: "BIGINT", of: (span) => span.endTimeUnixNano - span.startTimeUnixNano },
  status_code: { type: "INTEGER", of: (span) => span.statusCode },
  status_message: { type: "VARCHAR", of: (span) => span.statusMessage },
  attributes: { type: "VARCHAR", of: (span) => jsonOf(span.attributes) },
  resource_attributes: { type: "VARCHAR", of: (span) => jsonOf(span.resourceAttributes) },
  dropped_attributes_count: { type: "INTEGER", of: (span) => span.droppedAttributesCount },
};
const MAPS = new Set(["attributes", "resource_attributes"]);
const TYPES = { VARCHAR, BIGINT, INTEGER };
const chunkTypes = Object.values(columns).map(({ type }) => TYPES[type]);
const selectList = Object.keys(columns)
  .map((name) =>
    MAPS.has(name) ? `from_json(${name}, '"MAP(VARCHAR,VARCHAR)"') AS ${name}` : name,
  )
  .join(", ");

function jsonOf(map: ReadonlyMap<string, string>): string {
  return JSON.stringify(Object.fromEntries(map));
}

const seconds = Number(process.argv[2]);
const spansPerRequest = Number(process.argv[3]);
const templates = requestTemplates(Number(process.argv[4]), spansPerRequest);
const folder = await mkdtemp(join(tmpdir(), "bench-bare-"));
const instance = await DuckDBInstance.create(":memory:", { threads: "1", memory_limit: "512MB" });
const connection = await instance.connect();
const nextMark = requestMarks();
let turn = 0;

const before = process.cpuUsage();
const deadline = performance.now() + seconds * 1000;
let spans = 0;
while (performance.now() < deadline) spans += await writeBatch(connection, spans);
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${JSON.stringify({ spans, cpuSeconds: (user + system) / 1e6 })}\n`);
connection.closeSync();
instance.closeSync();
await rm(folder, { recursive: true });

async function writeBatch(to: DuckDBConnection, serial: number): Promise<number> {
  const list = Object.entries(columns).map(([name, { type }]) => `${name} ${type}`);
  await to.run(`CREATE OR REPLACE TABLE batch (${list.join(", ")})`);
  const appender = await to.createAppender("batch");
  let waiting: SpanRow[] = [];
  let count = 0;
  while (count < BATCH_SPANS) {
    const body = templates[turn++ % templates.length]?.next(nextMark());
    if (body === undefined) throw new Error("no templates");
    const decoded = decodeOtlpProtobuf(body).spans;
    count += decoded.length;
    waiting.push(...decoded);
    while (waiting.length >= CHUNK_ROWS || (count >= BATCH_SPANS && waiting.length > 0)) {
      const rows = waiting.slice(0, CHUNK_ROWS);
      waiting = waiting.slice(CHUNK_ROWS);
      const chunk = DuckDBDataChunk.create(chunkTypes, rows.length);
      chunk.setColumns(Object.values(columns).map(({ of }) => rows.map(of)));
      appender.appendDataChunk(chunk);
    }
  }
  appender.closeSync();
  const path = join(folder, `${serial}.parquet`);
  await to.run(
    `COPY (SELECT ${selectList} FROM batch ORDER BY start_time_unix_nano) TO '${path}' (${COPY_OPTIONS})`,
  );
  await rm(path);
  return count;
}
