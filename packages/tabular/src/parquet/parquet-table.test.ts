import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import expected from "../../golden/expected.json" with { type: "json" };
import { parquetTable } from "./parquet-table.ts";

const golden = (name: string) => fileURLToPath(new URL(`../../golden/${name}`, import.meta.url));
const TEXTS = ["flag", "date", "time", "text", "category"];

describe("a file of pyarrow", () => {
  it.each(["none", "snappy", "gzip", "zstd", "brotli"])("is read: codec %s", async (codec) => {
    const source = await parquetTable(golden(`${codec}.parquet`));
    const names = Object.keys(expected);
    expect(source.rows).toBe(40);
    expect(source.leftOut).toEqual([{ name: "list", reason: "it is nested" }]);
    expect(source.columns.map(({ name }) => name)).toEqual(names);
    const texts = source.columns.filter(({ kind }) => kind === "text").map(({ name }) => name);
    expect(texts).toEqual(TEXTS);
    const read = new Map<string, unknown[]>(names.map((name) => [name, []]));
    let batches = 0;
    for await (const batch of source.batches(names)) {
      batches += 1;
      for (const [name, { values }] of batch) read.get(name)?.push(...values);
    }
    expect(batches).toBe(3);
    for (const [name, values] of Object.entries(expected)) {
      const isNumber = !TEXTS.includes(name);
      expect(read.get(name)).toEqual(values.map((value) => value ?? (isNumber ? NaN : null)));
    }
  });

  it("tells gaps from NaN", async () => {
    const source = await parquetTable(golden("snappy.parquet"));
    let missing = 0;
    for await (const batch of source.batches(["float64", "float32"])) {
      for (const column of batch.values()) if (column.kind === "number") missing += column.missing;
    }
    expect(missing).toBe(expected.float64.filter((value) => value === null).length);
  });
});

it.each([
  ["is missing", undefined],
  ["is no Parquet", "a,b\n1,2\n"],
  ["is empty", ""],
])("a file that %s is refused with its name", async (_, content) => {
  const folder = await mkdtemp(join(tmpdir(), "scouter-parquet-"));
  const file = join(folder, "t.parquet");
  if (content !== undefined) await writeFile(file, content);
  await expect(parquetTable(file)).rejects.toMatchObject({
    code: "TABULAR_FILE_UNREADABLE",
    message: expect.stringContaining(file) as string,
  });
  await rm(folder, { recursive: true });
});
