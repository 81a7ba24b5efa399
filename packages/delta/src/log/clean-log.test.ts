import { describe, expect, it } from "vitest";
import { DeltaTable } from "../delta-table.ts";
import {
  FaultInjectingObjectStore,
  type ObjectCall,
} from "../object-store/fault-injecting-object-store.ts";
import { MemoryObjectStore } from "../object-store/memory-object-store.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import {
  InstantClock,
  addOf,
  commitOf,
  definition,
  logKey,
  tableOptions,
} from "../table.fixture.ts";

const DAY_MS = 86_400_000;

/** Ten commits, one a day, with checkpoints at the versions asked for; logs are kept for 7 days. */
async function makeTable(checkpoints: readonly number[]) {
  const clock = new InstantClock();
  const store = new MemoryObjectStore(clock);
  const table = await DeltaTable.create(tableOptions(store, "writer", { clock }), {
    ...definition,
    configuration: { "delta.logRetentionDuration": "interval 7 days" },
  });
  for (let day = 1; day <= 10; day++) {
    clock.pass(DAY_MS);
    await table.commit(commitOf([addOf(`f${day}`, { modificationTime: clock.now() })]));
    if (checkpoints.includes(day)) await table.checkpoint();
  }
  return { clock, store, table };
}

async function versionsIn(store: ObjectStore): Promise<readonly number[]> {
  const versions: number[] = [];
  for await (const { key } of store.list("tables/events/_delta_log/")) {
    const version = /(\d{20})\.json$/.exec(key)?.[1];
    if (version !== undefined) versions.push(Number(version));
  }
  return versions;
}

describe("cleaning the log", () => {
  const rows: readonly (readonly [string, readonly number[], number])[] = [
    ["nothing without a checkpoint", [], 0],
    ["nothing when the only checkpoint is young", [9], 0],
    ["what is below an old checkpoint", [2], 2],
    ["what is below the newest old checkpoint", [1, 3, 6, 10], 3],
  ];
  it.each(rows)("deletes %s", async (_name, checkpoints, oldest) => {
    const { store, table } = await makeTable(checkpoints);
    const cleaned = await table.cleanLog();
    expect(cleaned.oldestVersion).toBe(oldest);
    expect((await versionsIn(store))[0]).toBe(oldest);
    const reopened = await DeltaTable.open(tableOptions(store));
    expect(reopened.snapshot.files()).toHaveLength(10);
    for (let version = oldest; version <= 10; version++) {
      expect((await reopened.at(version)).files()).toHaveLength(version);
    }
    for (let version = 0; version < oldest; version++) {
      await expect(reopened.at(version)).rejects.toMatchObject({ code: "DELTA_VERSION_NOT_FOUND" });
    }
  });

  it("leaves the newest checkpoint and what follows it, however old", async () => {
    const { clock, store, table } = await makeTable([4, 8]);
    clock.pass(100 * DAY_MS);
    expect((await table.cleanLog()).oldestVersion).toBe(8);
    expect(await versionsIn(store)).toEqual([8, 9, 10]);
    expect((await DeltaTable.open(tableOptions(store))).snapshot.files()).toHaveLength(10);
  });

  it("does not stand on a checkpoint that cannot be read", async () => {
    const { clock, store, table } = await makeTable([2, 8]);
    await store.put(logKey(8).replace(".json", ".checkpoint.parquet"), Buffer.from("damaged"));
    clock.pass(100 * DAY_MS);
    expect((await table.cleanLog()).oldestVersion).toBe(2);
    expect((await DeltaTable.open(tableOptions(store))).snapshot.files()).toHaveLength(10);
  });

  it("leaves no gap when it is cut short", async () => {
    for (const survivor of [0, 3, 7]) {
      const { store: inner, clock } = await makeTable([4, 8]);
      const plan = ({ operation, key }: ObjectCall) =>
        operation === "delete" && key === logKey(survivor) ? "fail" : undefined;
      const store = new FaultInjectingObjectStore(inner, plan);
      const table = await DeltaTable.open(tableOptions(store, "cleaner", { clock }));
      clock.pass(100 * DAY_MS);
      await expect(table.cleanLog()).rejects.toMatchObject({ kind: "unavailable" });
      expect((await versionsIn(inner))[0]).toBe(survivor);
      expect((await DeltaTable.open(tableOptions(inner))).snapshot.files()).toHaveLength(10);
    }
  });
});

describe("a process that stood still while the log was cleaned", () => {
  it("goes on from the newest checkpoint, and never commits into the gap", async () => {
    const { clock, store, table } = await makeTable([10]);
    const asleep = await DeltaTable.open(tableOptions(store, "asleep", { clock }));
    for (let count = 0; count < 5; count++) {
      await table.commit(commitOf([addOf(`g${count}`, { modificationTime: clock.now() })]));
    }
    await table.checkpoint();
    clock.pass(100 * DAY_MS);
    await table.cleanLog();
    expect(await versionsIn(store)).toEqual([15]);
    const add = addOf("late", { modificationTime: clock.now() });
    await expect(asleep.commit(commitOf([add]))).rejects.toMatchObject({ code: "DELTA_LOG_GAP" });
    expect(asleep.snapshot.version).toBe(15);
    expect(await asleep.commit(commitOf([add]))).toMatchObject({ version: 16 });
    expect((await table.refresh()).files()).toHaveLength(16);
  });

  it("finds that out by refreshing, too", async () => {
    const { clock, store, table } = await makeTable([10]);
    const asleep = await DeltaTable.open(tableOptions(store, "asleep", { clock }));
    for (let count = 0; count < 2; count++) {
      await table.commit(commitOf([addOf(`g${count}`, { modificationTime: clock.now() })]));
    }
    await table.checkpoint();
    clock.pass(100 * DAY_MS);
    await table.cleanLog();
    expect((await asleep.refresh()).version).toBe(12);
    expect(asleep.snapshot.files()).toHaveLength(12);
  });

  it("does not create a table whose first version was cleaned up", async () => {
    const { clock, store, table } = await makeTable([10]);
    clock.pass(100 * DAY_MS);
    await table.cleanLog();
    await expect(DeltaTable.create(tableOptions(store), definition)).rejects.toMatchObject({
      code: "DELTA_TABLE_EXISTS",
    });
  });
});
