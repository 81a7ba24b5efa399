import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, openEngine } from "../engine/duckdb-engine.ts";
import { sqlText } from "../reader/sql-text.ts";
import { EVALUATION_TABLE } from "../archive/evaluation-table.ts";
import { OBSERVATION_TABLE } from "../archive/observation-table.ts";
import { summarySchema } from "../summary/trace-summaries.ts";
import { copyOptions } from "./parquet-options.ts";
import { traceSpanSchema } from "./trace-spans.ts";

const ROWS = 60_000;

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scouter-lookup-"));
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

/** A file of spans as flushes and merges write it, of traces with so many spans each. */
async function fileOf(spansPerTrace: number): Promise<string> {
  const path = join(folder, `${spansPerTrace}.parquet`);
  const options = copyOptions(spansPerTrace === 1 ? "many" : "few");
  await rows(
    `COPY (SELECT md5('trace' || (i // ${spansPerTrace})) AS trace_id,
        left(md5('span' || i), 16) AS span_id, i AS start_time_unix_nano
      FROM range(${ROWS}) t(i)) TO ${sqlText(path)} (${options})`,
  );
  return path;
}

/** The engine leaves a filter out, without a word, where ids hardly repeat and its dictionary is kept small. */
describe.each([1, 3, 10])("a file of traces of %d spans", (spansPerTrace) => {
  it("has a filter of trace ids in every row group, which keeps lookups from reading them", async () => {
    const path = sqlText(await fileOf(spansPerTrace));
    const groups = await rows(
      `SELECT row_group_id, bloom_filter_length FROM parquet_metadata(${path})
        WHERE path_in_schema = 'trace_id'`,
    );
    expect(groups.length).toBeGreaterThanOrEqual(3);
    expect(groups.filter(([, length]) => length === null)).toEqual([]);
    const unknown = randomBytes(16).toString("hex");
    const probed = await rows(
      `SELECT bloom_filter_excludes FROM parquet_bloom_probe(${path}, 'trace_id', '${unknown}')`,
    );
    const excluded = probed.filter(([isExcluded]) => isExcluded === true).length;
    expect(excluded).toBeGreaterThanOrEqual(probed.length - 1);
  });

  it("finds every id that it holds and no other", async () => {
    const path = sqlText(await fileOf(spansPerTrace));
    const traces = await rows(
      `SELECT DISTINCT trace_id FROM read_parquet(${path}) USING SAMPLE 200 ROWS (reservoir, 7)`,
    );
    const found = `SELECT count(*)::INT FROM read_parquet(${path}) WHERE trace_id = $id`;
    for (const [id] of traces) {
      expect(await rows(found, { id: id as string })).toEqual([[spansPerTrace]]);
    }
    for (let miss = 0; miss < 50; miss += 1) {
      expect(await rows(found, { id: randomBytes(16).toString("hex") })).toEqual([[0]]);
    }
    const list = traces.map(([id]) => sqlText(id as string)).join(", ");
    const together = `SELECT count(*)::INT FROM read_parquet(${path}) WHERE trace_id IN (${list})`;
    expect(await rows(together)).toEqual([[traces.length * spansPerTrace]]);
  });
});

/** The engine's filters of binary columns leave rows out that are there: such a key would not be found. */
it("no column of any table is binary: ids are text", () => {
  const schemas = [
    traceSpanSchema,
    summarySchema,
    EVALUATION_TABLE.schema,
    OBSERVATION_TABLE.schema,
  ];
  for (const schema of schemas) {
    expect(JSON.stringify(schema)).toContain("string");
    expect(JSON.stringify(schema)).not.toContain("binary");
  }
});

it("the engine fetches no extension by itself", async () => {
  await expect(rows("SELECT * FROM read_parquet('s3://bucket/file.parquet')")).rejects.toThrow(
    /extension/i,
  );
  const settings = await rows(
    `SELECT value FROM duckdb_settings()
      WHERE name IN ('autoinstall_known_extensions', 'autoload_known_extensions')`,
  );
  expect(settings).toEqual([["false"], ["false"]]);
});
