import { describe, expect, it } from "vitest";
import { DeltaTable } from "../delta-table.ts";
import { MemoryObjectStore } from "../object-store/memory-object-store.ts";
import { addOf, commitOf, definition, tableOptions } from "../table.fixture.ts";
import { checkEvolution } from "./schema-evolution.ts";
import { encodeSchema } from "./schema-json.ts";
import { mapOf, nullable, required, structOf } from "./schema.ts";

describe("adding columns", () => {
  it("adds those that are missing, once", async () => {
    const store = new MemoryObjectStore();
    const table = await DeltaTable.create(tableOptions(store), definition);
    const fields = [nullable("day", "date"), nullable("tags", mapOf("string", "string"))];
    const snapshot = await table.addColumns(fields);
    expect(snapshot.schema.fields.map(({ name }) => name)).toEqual(["id", "day", "tags"]);
    expect((await table.addColumns(fields)).version).toBe(snapshot.version);
  });

  it("brings the columns of several processes together", async () => {
    const store = new MemoryObjectStore();
    await DeltaTable.create(tableOptions(store), definition);
    const tables = await Promise.all(
      ["x", "y", "z"].map((name) => DeltaTable.open(tableOptions(store, name))),
    );
    await Promise.all(
      tables.map((table, index) =>
        table.addColumns([nullable("shared", "long"), nullable(`own${index}`, "string")]),
      ),
    );
    const { snapshot } = await DeltaTable.open(tableOptions(store));
    expect(snapshot.schema.fields.map(({ name }) => name).sort()).toEqual(
      ["day", "id", "own0", "own1", "own2", "shared"].sort(),
    );
  });

  it("makes an append that was planned before plan again", async () => {
    const store = new MemoryObjectStore();
    const table = await DeltaTable.create(tableOptions(store, "a"), definition);
    const writer = await DeltaTable.open(tableOptions(store, "b"));
    await table.addColumns([nullable("more", "long")]);
    const append = commitOf([addOf("f")]);
    await expect(writer.commit(append)).rejects.toMatchObject({ code: "DELTA_CONFLICT_METADATA" });
    expect(await writer.commit(append)).toMatchObject({ version: 2 });
  });

  it.each([
    ["one that is required", [required("more", "long")], "not nullable"],
    ["one that exists with another type", [nullable("id", "string")], "another type"],
    ["one that differs by case alone", [nullable("ID", "long")], "spelling"],
  ])("refuses %s", async (_name, fields, reason) => {
    const table = await DeltaTable.create(tableOptions(new MemoryObjectStore()), definition);
    await expect(table.addColumns(fields)).rejects.toThrow(reason);
    expect(table.snapshot.version).toBe(0);
  });
});

describe("a change of the definition", () => {
  const before = structOf([required("a", "long"), nullable("b", "string")]);
  it.each([
    ["dropped", structOf([required("a", "long")]), "dropped"],
    ["retyped", structOf([required("a", "integer"), nullable("b", "string")]), "another type"],
    ["made required", structOf([required("a", "long"), required("b", "string")]), "nullable"],
  ])("is refused when a column is %s", (_name, after, reason) => {
    expect(() => checkEvolution(before, after)).toThrow(reason);
  });

  it("may relax a column, but not its table's partitioning", async () => {
    const table = await DeltaTable.create(tableOptions(new MemoryObjectStore()), definition);
    const { metadata } = table.snapshot;
    const relaxed = structOf([nullable("id", "long"), nullable("day", "date")]);
    const metaData = { ...metadata, schemaString: encodeSchema(relaxed) };
    await table.commit(commitOf([{ metaData }]));
    const repartitioned = { ...metaData, partitionColumns: [] };
    await expect(table.commit(commitOf([{ metaData: repartitioned }]))).rejects.toThrow(
      "partition columns",
    );
  });
});

describe("table properties", () => {
  it("are set beside the others and read as durations and counts", async () => {
    const table = await DeltaTable.create(tableOptions(new MemoryObjectStore()), definition);
    const DAY_MS = 86_400_000;
    expect(table.properties).toEqual({
      deletedFileRetentionMs: 7 * DAY_MS,
      logRetentionMs: 30 * DAY_MS,
      transactionRetentionMs: undefined,
      checkpointInterval: 10,
    });
    await table.setProperties({ "delta.logRetentionDuration": "interval 1 week 2 days" });
    const set = { "delta.checkpointInterval": "100", "delta.appendOnly": "false" };
    const { version } = await table.setProperties(set);
    expect((await table.setProperties(set)).version).toBe(version);
    expect(table.properties).toMatchObject({ logRetentionMs: 9 * DAY_MS, checkpointInterval: 100 });
  });

  it.each([
    ["delta.logRetentionDuration", "interval 2 months"],
    ["delta.logRetentionDuration", "soon"],
    ["delta.deletedFileRetentionDuration", "interval -1 days"],
    ["delta.checkpointInterval", "0"],
  ])("refuses %s = '%s'", async (name, value) => {
    const table = await DeltaTable.create(tableOptions(new MemoryObjectStore()), definition);
    const setting = table.setProperties({ [name]: value });
    await expect(setting).rejects.toMatchObject({ code: "DELTA_PROPERTY_INVALID" });
  });
});
