import { createHash, randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { systemClock } from "@scouter/contracts";
import {
  type AddFile,
  DeltaTable,
  encodeStatistics,
  openLocalObjectStore,
  timestampLowerBound,
  timestampUpperBound,
} from "@scouter/delta";
import { progress } from "./progress.ts";
import { AGENTS, METHODS, OPERATIONS, SERVICES, SPANS_PER_TRACE, USERS } from "./span-shape.ts";

/** Rows of a file: what a few seconds of a busy server's flushes are merged into. */
const SPANS_PER_FILE = 100_000;
export const DAYS = 7;
export const DAY_NANO = 86_400_000_000_000n;

const COPY_OPTIONS =
  "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE 20480, DICTIONARY_SIZE_LIMIT 20480";

export interface BulkOptions {
  /** Of the lake; its table exists. */
  readonly root: string;
  readonly spans: number;
  /** Midnight, UTC, after the last of the days, nanoseconds. */
  readonly endNano: bigint;
}

/**
 * Fills the table with a week of spans, evenly over time, in files that the engine makes out of nothing: sent through a
 * server they would take an hour. What the lake's own maintenance makes of them is what is read.
 */
export async function writeBulkSpans({ root, spans, endNano }: BulkOptions): Promise<void> {
  const folder = join(root, "trace_spans");
  const store = await openLocalObjectStore(folder);
  const table = await DeltaTable.open({
    store,
    path: "",
    clock: systemClock,
    random: Math.random,
    newId: randomUUID,
  });
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "2GB" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const perDay = spansPerDay(spans);
  for (let day = 0; day < DAYS; day += 1) {
    progress(`writing ${perDay} spans of day ${day + 1} of ${DAYS}`);
    const startNano = endNano - BigInt(DAYS - day) * DAY_NANO;
    const files: AddFile[] = [];
    for (let first = 0; first < perDay; first += SPANS_PER_FILE) {
      const count = Math.min(SPANS_PER_FILE, perDay - first);
      const slice = { first: day * perDay + first, count, startNano, perDay, inDay: first };
      files.push(await writeFile(connection, store.putFile.bind(store), root, slice));
    }
    await table.commit({ operation: "WRITE", actions: files.map((add) => ({ add })) });
  }
  connection.closeSync();
  instance.closeSync();
}

function spansPerDay(spans: number): number {
  return Math.round(spans / DAYS / SPANS_PER_TRACE) * SPANS_PER_TRACE;
}

/** From the begin of a trace to that of the next, nanoseconds. */
export function traceStepNano(spans: number): bigint {
  return DAY_NANO / BigInt(spansPerDay(spans) / SPANS_PER_TRACE);
}

interface Slice {
  /** Serial of the first span. */
  readonly first: number;
  readonly count: number;
  readonly startNano: bigint;
  readonly perDay: number;
  /** Spans of the day before the first. */
  readonly inDay: number;
}

async function writeFile(
  connection: DuckDBConnection,
  putFile: (key: string, path: string) => Promise<void>,
  root: string,
  slice: Slice,
): Promise<AddFile> {
  const date = new Date(Number(slice.startNano / 1_000_000n)).toISOString().slice(0, 10);
  const name = `part-${randomUUID()}.zstd.parquet`;
  const local = join(root, ".writing", name);
  await connection.run(`COPY (${bulkSpansSql(slice)}) TO '${local}' (${COPY_OPTIONS})`);
  const reader = await connection.runAndReadAll(`SELECT count(*)::INTEGER,
      min(start_time_unix_nano), max(start_time_unix_nano),
      min(start_time_unix_nano + duration_nano), max(start_time_unix_nano + duration_nano)
    FROM read_parquet('${local}')`);
  const [records, min, max, minEnd, maxEnd] = reader.getRows()[0] as [
    number,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const path = `partition_date=${date}/${name}`;
  const { size } = await stat(local);
  await putFile(path, local);
  return {
    path,
    partitionValues: { partition_date: date },
    size,
    modificationTime: systemClock.now(),
    dataChange: true,
    stats: encodeStatistics({
      numRecords: records,
      minValues: {
        start_time: timestampLowerBound(min / 1000n),
        end_time: timestampLowerBound(minEnd / 1000n),
        start_time_unix_nano: min,
      },
      maxValues: {
        start_time: timestampUpperBound(max / 1000n),
        end_time: timestampUpperBound(maxEnd / 1000n),
        start_time_unix_nano: max,
      },
      nullCount: { start_time: 0, end_time: 0, start_time_unix_nano: 0 },
    }),
  };
}

/** The shape of `span-shape.ts` as a statement; ids are digests of their numbers. */
function bulkSpansSql({ first, count, startNano, perDay, inDay }: Slice): string {
  const stepNano = DAY_NANO / BigInt(perDay / SPANS_PER_TRACE);
  const pick = (salt: number, below: number) => `(hash(serial, ${salt}) % ${below})::INTEGER`;
  const text = (values: readonly string[], salt: number) =>
    `[${values.map((value) => `'"${value}"'`).join(", ")}][1 + ${pick(salt, values.length)}]`;
  const traceId = `md5(trace::VARCHAR)`;
  const spanId = (serial: string) => `substr(md5('span' || (${serial})::VARCHAR), 1, 16)`;
  return `
    SELECT ${traceId} AS trace_id, ${spanId("serial")} AS span_id,
      CASE WHEN position > 0 THEN ${spanId("serial - position")} END AS parent_span_id,
      '' AS trace_state, 1::INTEGER AS flags,
      'operation-' || operation AS span_name,
      ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'][1 + ${pick(4, 5)}] AS span_kind,
      'service-' || service AS service_name,
      'bench.tracer' AS scope_name, '1.0.0' AS scope_version,
      make_timestamp(start_nano // 1000) AT TIME ZONE 'UTC' AS start_time,
      make_timestamp((start_nano + length_nano) // 1000) AT TIME ZONE 'UTC' AS end_time,
      start_nano AS start_time_unix_nano, length_nano AS duration_nano,
      CASE WHEN failed THEN 2 ELSE 0 END::INTEGER AS status_code,
      CASE WHEN failed THEN 'Internal Server Error' END AS status_message,
      MAP {
        'http.request.method': ${text(METHODS, 6)},
        'http.response.status_code': CASE WHEN failed THEN '500' ELSE '200' END,
        'http.route': '"/api/v1/resource-' || operation || '/{id}"',
        'url.path': '"/api/v1/resource-' || operation || '/' || ${pick(7, 1_000_000)} || '"',
        'server.address': '"service-' || service || '.internal"',
        'server.port': '8443',
        'client.address': '"10.0.' || ${pick(8, 256)} || '.' || ${pick(9, 256)} || '"',
        'network.protocol.version': '"1.1"',
        'user_agent.original': ${text(AGENTS, 10)},
        'user.id': '"user-' || ${pick(2, USERS)} || '"',
        'thread.id': ${pick(11, 64)}::VARCHAR
      } AS attributes,
      MAP {'service.name': '"service-' || service || '"', 'service.version': '"1.4.2"',
        'host.name': '"host-' || (trace % 20) || '"'} AS resource_attributes,
      []::STRUCT("name" VARCHAR, time_unix_nano BIGINT, attributes MAP(VARCHAR, VARCHAR),
        dropped_attributes_count BIGINT)[] AS events,
      []::STRUCT(trace_id VARCHAR, span_id VARCHAR, trace_state VARCHAR,
        attributes MAP(VARCHAR, VARCHAR), dropped_attributes_count BIGINT)[] AS links,
      0::BIGINT AS dropped_attributes_count, 0::BIGINT AS dropped_events_count,
      0::BIGINT AS dropped_links_count, NULL::VARCHAR AS "input", NULL::VARCHAR AS "output",
      []::VARCHAR[] AS entity_ids, []::VARCHAR[] AS queue_ids
    FROM (
      SELECT *, ${pick(1, OPERATIONS)} AS operation, trace % ${SERVICES} AS service,
        ${pick(3, 100)} < 5 AS failed,
        ${startNano} + (trace_in_day * ${stepNano}) + position * 1000000 AS start_nano,
        (50 + ${pick(5, 450)})::BIGINT * 1000000 AS length_nano
      FROM (SELECT ${first} + range AS serial, (${first} + range) // ${SPANS_PER_TRACE} AS trace,
          (${inDay} + range) // ${SPANS_PER_TRACE} AS trace_in_day,
          (${first} + range) % ${SPANS_PER_TRACE} AS position
        FROM range(${count})))
    ORDER BY start_time_unix_nano`;
}

/** Id of the trace of that number, from 0. */
export function bulkTraceId(trace: number): string {
  return createHash("md5").update(String(trace)).digest("hex");
}
