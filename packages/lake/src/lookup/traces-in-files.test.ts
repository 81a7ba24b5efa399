import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, openEngine } from "../engine/duckdb-engine.ts";
import { type TableView, traceSourceSql } from "../reader/read-view.ts";
import { sqlText } from "../reader/sql-text.ts";
import { copyOptions, type TraceIdVariety } from "../table/parquet-options.ts";
import type { SpanFile } from "../table/span-file.ts";
import { readColumns } from "../table/trace-spans.ts";
import { openTraceIndex } from "./open-trace-index.ts";

const ROWS = 50_000;

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scouter-traces-in-files-"));
  engine = await openEngine({ threads: 1, memoryLimitMb: 512, temporaryFolder: folder });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

const rows = (sql: string, values?: Record<string, string>) =>
  engine.withConnection(async (connection) =>
    (await connection.runAndReadAll(sql, values)).getRows(),
  );

/** Three row groups as flushes and merges write them. `order` is that of its rows. */
async function fileOf(
  name: string,
  spansPerTrace: number,
  variety: TraceIdVariety,
  order: string,
): Promise<SpanFile> {
  const path = join(folder, `${name}.parquet`);
  await rows(
    `COPY (SELECT md5('${name}' || (i // ${spansPerTrace})) AS trace_id,
        left(md5('span' || i), 16) AS span_id, 1_700_000_000_000_000_000 + i AS start_time_unix_nano
      FROM range(${ROWS}) t(i) ORDER BY ${order}) TO ${sqlText(path)} (${copyOptions(variety)})`,
  );
  const add = { path, partitionValues: {}, size: 1, modificationTime: 0, dataChange: true };
  return { path, records: ROWS, minStartNano: undefined, maxStartNano: undefined, add };
}

const cases = [
  { name: "in order", spansPerTrace: 10, variety: "few", order: "i" },
  { name: "over all row groups", spansPerTrace: 10, variety: "few", order: "hash(i)" },
  { name: "a span each", spansPerTrace: 1, variety: "many", order: "i" },
  // As after a wrong estimate: the engine leaves the filter out.
  { name: "without filters", spansPerTrace: 1, variety: "few", order: "i" },
] as const;

/** In no file; the same in every run, since a filter takes one in a hundred for one that it holds. */
const absent = (index: number) => createHash("md5").update(`absent ${index}`).digest("hex");

describe("spans of a trace, read where the index says", () => {
  const files: SpanFile[] = [];
  beforeAll(async () => {
    for (const { name, spansPerTrace, variety, order } of cases) {
      files.push(await fileOf(name, spansPerTrace, variety, order));
    }
  });

  const viewOf = (some: readonly SpanFile[]): TableView => {
    const index = openTraceIndex(engine, {
      hold: () => ({ ready: async () => undefined, release: () => undefined }),
    });
    return {
      files: some,
      segments: [],
      hold: async () => undefined,
      placesOf: (traceIds, asked) => index.placesOf(traceIds, asked),
      release: async () => undefined,
    };
  };
  const countOf = async (view: TableView, traceIds: readonly string[]) => {
    const list = traceIds.map(sqlText).join(", ");
    const columns = readColumns(["trace_id", "span_id", "start_time_unix_nano"]);
    const source = await traceSourceSql(view, columns, traceIds, `trace_id IN (${list})`);
    if (source === undefined) return 0;
    return Number((await rows(`SELECT count(*) FROM (${source})`))[0]?.[0]);
  };

  it.each(cases)("are all there: $name", async ({ name, spansPerTrace }) => {
    const view = viewOf(files);
    const path = sqlText(join(folder, `${name}.parquet`));
    const found = await rows(
      `SELECT DISTINCT trace_id FROM read_parquet(${path}) USING SAMPLE 40 ROWS (reservoir, 7)`,
    );
    const ids = found.map(([id]) => id as string);
    for (const id of ids) expect(await countOf(view, [id])).toBe(spansPerTrace);
    // Places far apart, of two files.
    expect(await countOf(view, ids)).toBe(ids.length * spansPerTrace);
  });

  it("are looked for in few row groups", async () => {
    const view = viewOf(files.slice(0, 1));
    const traces = Array.from({ length: 200 }, (_, index) => absent(index));
    const places = await Promise.all(traces.map((id) => view.placesOf([id], view.files)));
    expect(places.filter((found) => found.length > 0).length).toBeLessThan(20);
    expect(await countOf(view, traces.slice(0, 1))).toBe(0);
  });

  it("are looked for everywhere in a file without filters", async () => {
    const view = viewOf(files.slice(-1));
    const [place] = await view.placesOf([absent(0)], view.files);
    // The last row group has so few rows that it got one.
    expect(place?.rowGroups).toBe(2);
  });
});
