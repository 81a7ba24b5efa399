import { randomUUID } from "node:crypto";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import type { AddFile } from "@scouter/delta";
import type { SpanRow } from "@scouter/telemetry";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rewriteFiles } from "../maintenance/rewrite-files.ts";
import { spanFileOf } from "../table/span-file.ts";
import { stagedSelectList, traceSpanSchema } from "../table/trace-spans.ts";
import { Segment, type SegmentEngine } from "./segment.ts";
import { stageSpans } from "./staged-rows.ts";
import { writeSegment } from "./write-segment.ts";

let folder: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scouter-encoding-"));
  instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
});
afterAll(async () => {
  connection.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true, force: true });
});

let written: string[] = [];
beforeEach(() => {
  written = [];
});

const writer = () => ({
  connection,
  temporaryFolder: folder,
  newFileId: randomUUID,
  nowMs: () => 0,
  files: {
    put: async (_path: string, localPath: string) => {
      const name = `file-${randomUUID()}.parquet`;
      written.push(name);
      await rename(localPath, join(folder, name));
    },
  },
});

const NOON = 1_767_268_800_000;
const BASE: Omit<SpanRow, "traceId" | "spanId" | "startTimeUnixNano" | "endTimeUnixNano"> = {
  parentSpanId: null,
  traceState: "",
  flags: 1,
  name: "GET /",
  kind: "SERVER",
  statusCode: 0,
  statusMessage: null,
  serviceName: "shop",
  scopeName: "test",
  scopeVersion: null,
  attributes: new Map([["http.route", '"/"']]),
  resourceAttributes: new Map([["service.name", '"shop"']]),
  events: [],
  links: [],
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
  input: null,
  output: null,
  entityIds: [],
  queueIds: [],
};

/** Spans in order of time, the given number of each trace behind each other. */
function spansOf(count: number, spansPerTrace: number, first = 0): SpanRow[] {
  return Array.from({ length: count }, (_, index) => {
    const serial = first + index;
    const start = BigInt(NOON) * 1_000_000n + BigInt(serial) * 1_001n;
    return {
      ...BASE,
      traceId: (first + Math.floor(index / spansPerTrace)).toString(16).padStart(32, "a"),
      spanId: serial.toString(16).padStart(16, "b"),
      startTimeUnixNano: start,
      endTimeUnixNano: start + BigInt((serial * 7_919) % 1_000_003),
      attributes: new Map([["user.id", `"user-${serial}"`]]),
    };
  });
}

let segments = 0;
/** One statement at a time here, so one connection does. */
const engine: SegmentEngine = {
  get appending() {
    return connection;
  },
  withConnection: (work) => work(connection),
};
async function sealed(spans: readonly SpanRow[]): Promise<Segment> {
  segments += 1;
  const segment = await Segment.create(engine, `encoded_${segments}`, "o", 1);
  for (let start = 0, sequence = 1; start < spans.length; start += 1_000, sequence += 1) {
    segment.add(sequence, stageSpans(spans.slice(start, start + 1_000), NOON));
  }
  segment.seal();
  return segment;
}

async function one(sql: string): Promise<unknown> {
  return (await connection.runAndReadAll(sql)).getRows()[0]?.[0];
}

const fileSql = (name: string) =>
  `read_parquet('${join(folder, name)}', hive_partitioning = false)`;

/** Row groups in which a lookup by trace id has to look at every id. */
const withoutFilter = (name: string) =>
  one(`SELECT count(*)::INTEGER FROM parquet_metadata('${join(folder, name)}')
    WHERE path_in_schema = 'trace_id' AND bloom_filter_offset IS NULL`);

async function expectSameRows(left: string, right: string): Promise<void> {
  expect(await one(`SELECT count(*)::INTEGER FROM (${left} EXCEPT ALL ${right})`)).toBe(0);
  expect(await one(`SELECT count(*)::INTEGER FROM (${right} EXCEPT ALL ${left})`)).toBe(0);
}

describe("files of spans", () => {
  it.each([
    ["one span of each trace", 1],
    ["two spans of each trace", 2],
    ["ten spans of each trace", 10],
  ])(
    "of %s hold what was staged, and a filter of trace ids in every row group",
    async (_name, spansPerTrace) => {
      const segment = await sealed(spansOf(24_000, spansPerTrace));
      await writeSegment(writer(), segment);
      const [name = ""] = written;
      expect(written).toHaveLength(1);
      expect(await withoutFilter(name)).toBe(0);
      await expectSameRows(
        `SELECT * FROM ${fileSql(name)}`,
        `SELECT ${stagedSelectList} FROM ${segment.table}`,
      );
      await segment.drop();
    },
  );

  it("keep their rows and filters when they are merged, also where the average misleads", async () => {
    const adds: AddFile[] = [];
    // Half a row group and more of traces with one span, and so many of large traces that the average looks harmless.
    for (const spans of [spansOf(22_000, 1), spansOf(50_000, 50, 22_000)]) {
      const segment = await sealed(spans);
      const [add] = await writeSegment(writer(), segment);
      adds.push({ ...(add as AddFile), path: written.at(-1) ?? "" });
      await segment.drop();
    }
    const before = [...written];
    const files = adds.map((add) => spanFileOf(folder, add));
    const rewriting = { partition: "2026-01-01", files, targetBytes: 1e9, tags: {} };
    await rewriteFiles({ ...writer(), schema: traceSpanSchema }, rewriting);
    const [merged = ""] = written.slice(before.length);
    expect(await withoutFilter(merged)).toBe(0);
    const rows = before.map((name) => `SELECT * FROM ${fileSql(name)}`).join(" UNION ALL ");
    await expectSameRows(`SELECT * FROM ${fileSql(merged)}`, `(${rows})`);
  });
});
