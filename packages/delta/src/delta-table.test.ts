import { describe, expect, it } from "vitest";
import { DeltaTable } from "./delta-table.ts";
import { CountingObjectStore } from "./object-store/counting-object-store.ts";
import { MemoryObjectStore } from "./object-store/memory-object-store.ts";
import { arrayOf, nullable, required, structOf } from "./schema/schema.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { addOf, commitOf, definition, logKey, removeOf, tableOptions } from "./table.fixture.ts";

describe("DeltaTable", () => {
  it("opens what was created, and creates once", async () => {
    const store = new MemoryObjectStore();
    const options = tableOptions(store);
    await expect(DeltaTable.open(options)).rejects.toMatchObject({ code: "DELTA_TABLE_NOT_FOUND" });
    const [a, b] = await Promise.all(
      ["a", "b"].map((name) => DeltaTable.openOrCreate(tableOptions(store, name), definition)),
    );
    expect(a?.snapshot.metadata).toEqual(b?.snapshot.metadata);
    expect(a?.snapshot).toMatchObject({
      version: 0,
      protocol: { minReaderVersion: 1, minWriterVersion: 2 },
      schema: definition.schema,
    });
    await expect(DeltaTable.create(options, definition)).rejects.toMatchObject({
      code: "DELTA_TABLE_EXISTS",
      kind: "conflict",
    });
  });

  it("refuses to be partitioned by a column it does not have", async () => {
    const creation = DeltaTable.create(tableOptions(new MemoryObjectStore()), {
      ...definition,
      partitionColumns: ["month"],
    });
    await expect(creation).rejects.toMatchObject({ code: "DELTA_SCHEMA_INVALID" });
  });

  it("lives at the root of a store as well", async () => {
    const store = new MemoryObjectStore();
    const table = await DeltaTable.create(tableOptions(store, "w", { path: "" }), definition);
    await table.commit(commitOf([addOf("x")]));
    expect(await store.head("_delta_log/00000000000000000001.json")).toBeDefined();
  });

  it("sees what another instance committed only after a refresh, as a new snapshot", async () => {
    const store = new MemoryObjectStore();
    const writer = await DeltaTable.create(tableOptions(store, "writer"), definition);
    const reader = await DeltaTable.open(tableOptions(store, "reader"));
    const before = reader.snapshot;
    await writer.commit(commitOf([addOf("a"), addOf("b")]));
    await writer.commit(commitOf([removeOf("a"), addOf("c")]));
    expect(reader.snapshot).toBe(before);
    const after = await reader.refresh();
    expect(reader.snapshot).toBe(after);
    expect(pathsOf(after)).toEqual(["b", "c"]);
    expect(after.tombstones().map((tombstone) => tombstone.path)).toEqual(["a"]);
    expect(before.version).toBe(0);
    expect(before.files()).toEqual([]);
  });

  it("refreshes by asking for the next version, and reads each new one once", async () => {
    const inner = new MemoryObjectStore();
    const writer = await DeltaTable.create(tableOptions(inner, "writer"), definition);
    for (let i = 0; i < 40; i++) await writer.commit(commitOf([addOf(`f${i}`)]));
    const store = new CountingObjectStore(inner);
    const reader = await DeltaTable.open(tableOptions(store, "reader"));
    expect(store.counts()).toMatchObject({ list: 1, get: 42 });
    store.reset();
    await reader.refresh();
    expect(store.counts()).toMatchObject({ list: 0, get: 1 });
    await writer.commit(commitOf([addOf("new")]));
    store.reset();
    expect((await reader.refresh()).file("new")).toBeDefined();
    expect(store.counts()).toMatchObject({ list: 0, get: 3 });
    store.reset();
    await reader.commit(commitOf([addOf("ours")]));
    expect(store.counts()).toMatchObject({ list: 0, get: 0, putIfAbsent: 1 });
  });

  it("tells of a missing version, an empty and a torn commit file", async () => {
    const store = new MemoryObjectStore();
    const table = await DeltaTable.create(tableOptions(store), definition);
    await table.commit(commitOf([addOf("a")]));
    await table.commit(commitOf([addOf("b")]));
    const whole = (await store.get(logKey(1))) ?? new Uint8Array();
    const reopened = () => DeltaTable.open(tableOptions(store));

    await store.put(logKey(1), whole.subarray(0, whole.length - 10));
    await expect(reopened()).rejects.toMatchObject({
      code: "DELTA_COMMIT_UNREADABLE",
      message: expect.stringContaining(logKey(1)),
      remedy: expect.stringContaining("backup"),
    });
    await store.put(logKey(1), new Uint8Array());
    await expect(reopened()).rejects.toMatchObject({ code: "DELTA_COMMIT_UNREADABLE" });
    await store.delete(logKey(1));
    await expect(reopened()).rejects.toMatchObject({
      code: "DELTA_LOG_GAP",
      message: expect.stringContaining("version 1"),
    });
    await store.put(logKey(1), whole);
    expect((await reopened()).snapshot.version).toBe(2);
  });

  it("stays at its last good snapshot when a newer commit cannot be read", async () => {
    const store = new MemoryObjectStore();
    const table = await DeltaTable.create(tableOptions(store), definition);
    await store.put(logKey(1), Buffer.from('{"add":'));
    await expect(table.refresh()).rejects.toMatchObject({ code: "DELTA_COMMIT_UNREADABLE" });
    expect(table.snapshot.version).toBe(0);
  });

  it("passes over other files of the log folder", async () => {
    const store = new MemoryObjectStore();
    await DeltaTable.create(tableOptions(store), definition);
    const names = [
      "_last_checkpoint",
      ".tmp",
      "00000000000000000007.crc",
      "0000000000000000000a.json",
    ];
    for (const name of names) {
      await store.put(`tables/events/_delta_log/${name}`, Buffer.from("?"));
    }
    expect((await DeltaTable.open(tableOptions(store))).snapshot.version).toBe(0);
  });

  it.each([
    [
      "a newer reader",
      { minReaderVersion: 2, minWriterVersion: 5 },
      "reader version 2 and writer version 5",
    ],
    ["a newer writer", { minReaderVersion: 1, minWriterVersion: 4 }, "writer version 4"],
    [
      "features",
      {
        minReaderVersion: 3,
        minWriterVersion: 7,
        readerFeatures: ["v2Checkpoint"],
        writerFeatures: ["v2Checkpoint", "rowTracking"],
      },
      "the features v2Checkpoint, rowTracking",
    ],
  ])("refuses a table that asks for %s", async (_name, protocol, found) => {
    const store = new MemoryObjectStore();
    const table = await DeltaTable.create(tableOptions(store), definition);
    await store.put(logKey(1), Buffer.from(JSON.stringify({ protocol })));
    const refusal = {
      code: "DELTA_PROTOCOL_UNSUPPORTED",
      message: expect.stringContaining(found),
    };
    await expect(DeltaTable.open(tableOptions(store))).rejects.toMatchObject(refusal);
    await expect(table.refresh()).rejects.toMatchObject(refusal);
    await expect(table.commit(commitOf([addOf("x")]))).rejects.toMatchObject(refusal);
  });

  it("reads but does not write a table with invariants on its columns", async () => {
    const invariants = { "delta.invariants": '{"expression":{"expression":"id > 0"}}' };
    const table = await DeltaTable.create(tableOptions(new MemoryObjectStore()), {
      schema: structOf([nullable("s", arrayOf(structOf([required("id", "long", invariants)])))]),
    });
    const commit = table.commit(commitOf([addOf("x", { partitionValues: {} })]));
    await expect(commit).rejects.toThrow("invariant on column 's.id'");
  });
});

function pathsOf(snapshot: Snapshot): readonly string[] {
  return snapshot.files().map((file) => file.path);
}
