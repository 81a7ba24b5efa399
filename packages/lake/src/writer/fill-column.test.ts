import { BIGINT, DuckDBDataChunk, DuckDBInstance, INTEGER, VARCHAR } from "@duckdb/node-api";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { fillColumn } from "./fill-column.ts";
import { packColumn, type StagedType, type StagedValue } from "./staged-column.ts";

const TYPES = { VARCHAR, BIGINT, INTEGER };

/** What the engine reads of a column that was filled with the values, from parts that were packed each by itself. */
async function roundTrip(type: StagedType, values: readonly StagedValue[], partRows = 2_048) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE filled (value ${type})`);
  const appender = await connection.createAppender("filled");
  const data = DuckDBDataChunk.create([TYPES[type]], values.length);
  const parts = [];
  for (let start = 0; start < values.length; start += partRows) {
    // One row before and one behind that belong to other parts.
    const end = Math.min(start + partRows, values.length);
    const first = Math.max(0, start - 1);
    const column = packColumn(type, values.slice(first, end + 1));
    parts.push({ column, from: start - first, count: end - start });
  }
  fillColumn(data.chunk, 0, type, parts);
  appender.appendDataChunk(data);
  appender.closeSync();
  const reader = await connection.runAndReadAll("SELECT value FROM filled");
  connection.closeSync();
  instance.closeSync();
  return reader.getRows().map(([value]) => value);
}

const many = (length: number, value: (index: number) => StagedValue) =>
  Array.from({ length }, (_, index) => value(index));

it.each<[string, StagedType, readonly StagedValue[]]>([
  ["texts", "VARCHAR", ["", "short", "a text of more than twelve bytes", "größer – 日本"]],
  ["one text for all", "VARCHAR", many(2_048, () => "the same for every row")],
  ["texts and nulls", "VARCHAR", many(130, (index) => (index % 3 === 0 ? null : `text ${index}`))],
  ["nothing but nulls", "VARCHAR", many(65, () => null)],
  ["large numbers", "BIGINT", [0n, -1n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n]],
  ["numbers and nulls", "BIGINT", many(2_048, (index) => (index % 2 === 0 ? null : BigInt(index)))],
  ["one number for all", "BIGINT", [7n, 7n, 7n]],
  ["small numbers", "INTEGER", [0, 1, -1, 2_147_483_647, null]],
  ["one row", "INTEGER", [5]],
])("a column of %s comes back as it was", async (_name, type, values) => {
  expect(await roundTrip(type, values)).toEqual(values);
  expect(await roundTrip(type, values, 1)).toEqual(values);
  expect(await roundTrip(type, values, 64)).toEqual(values);
});

it("numbers below 2^53 stand for those of a BIGINT", async () => {
  expect(await roundTrip("BIGINT", [1, 2, null, 2 ** 53 - 1, 5n], 2)).toEqual([
    1n,
    2n,
    null,
    2n ** 53n - 1n,
    5n,
  ]);
  expect(await roundTrip("BIGINT", [7, 7])).toEqual([7n, 7n]);
});

it("any texts and nulls come back as they were", async () => {
  const text = fc.string({ unit: "binary" }).filter((value) => !value.includes("\0"));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(text), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 200 }),
      async (values, partRows) => {
        expect(await roundTrip("VARCHAR", values, partRows)).toEqual(values);
      },
    ),
    { numRuns: 15 },
  );
});
