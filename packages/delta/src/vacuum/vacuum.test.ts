import { describe, expect, it } from "vitest";
import { DeltaTable } from "../delta-table.ts";
import { MemoryObjectStore } from "../object-store/memory-object-store.ts";
import {
  InstantClock,
  addOf,
  commitOf,
  definition,
  removeOf,
  tableOptions,
} from "../table.fixture.ts";
import { runVacuum } from "./vacuum.ts";

const HOUR_MS = 3_600_000;

async function makeTable(retention = "interval 24 hours") {
  const clock = new InstantClock();
  const store = new MemoryObjectStore(clock);
  const table = await DeltaTable.create(tableOptions(store, "writer", { clock }), {
    ...definition,
    configuration: { "delta.deletedFileRetentionDuration": retention },
  });
  const write = async (path: string) => {
    await store.put(`tables/events/${path}`, Buffer.from("data"));
    return addOf(path, { modificationTime: clock.now() });
  };
  const paths = async () => {
    const found: string[] = [];
    for await (const { key } of store.list("tables/events/")) {
      const path = key.slice("tables/events/".length);
      if (!path.startsWith("_delta_log/")) found.push(path);
    }
    return found;
  };
  return { clock, store, table, write, paths };
}

describe("vacuum", () => {
  it("deletes what was removed or left behind before the horizon, and nothing else", async () => {
    const { clock, table, write, paths } = await makeTable();
    const live = await write("day=2025-01-31/live ü.parquet");
    const removedLongAgo = await write("day=2025-01-31/removed-long-ago");
    const removedNow = await write("removed-now");
    await write("orphan-old");
    await write("_temporary/other-tool");
    await write(".hidden");
    await table.commit(commitOf([live, removedLongAgo, removedNow]));
    const remove = (path: string) => commitOf([removeOf(path, { deletionTimestamp: clock.now() })]);
    await table.commit(remove("day=2025-01-31/removed-long-ago"));
    clock.pass(20 * HOUR_MS);
    await table.commit(remove("removed-now"));
    await write("orphan-young");
    clock.pass(5 * HOUR_MS);

    const plan = await table.vacuum({ dryRun: true });
    const expected = ["tables/events/day=2025-01-31/removed-long-ago", "tables/events/orphan-old"];
    expect(plan).toEqual({ keys: expected, sizeBytes: 8 });
    expect(await paths()).toHaveLength(7);
    expect(await table.vacuum()).toEqual(plan);
    expect(await paths()).toEqual([
      ".hidden",
      "_temporary/other-tool",
      "day=2025-01-31/live ü.parquet",
      "orphan-young",
      "removed-now",
    ]);
    expect((await table.vacuum()).keys).toEqual([]);
  });

  it("never deletes a file that a writer may still commit", async () => {
    const { clock, store, table, write, paths } = await makeTable();
    const writer = await DeltaTable.open(tableOptions(store, "slow", { clock }));
    const slow = await write("slow");
    clock.pass(25 * HOUR_MS);
    await table.vacuum();
    expect(await paths()).toEqual([]);
    await expect(writer.commit(commitOf([slow]))).rejects.toMatchObject({
      code: "DELTA_COMMIT_TOO_OLD",
      kind: "conflict",
    });
    expect((await writer.refresh()).files()).toEqual([]);
  });

  it("does not know of files in the log's folder, nor of those of another table", async () => {
    const { clock, store, table } = await makeTable();
    await store.put("tables/events-2/file", Buffer.from("x"));
    clock.pass(100 * HOUR_MS);
    expect((await table.vacuum()).keys).toEqual([]);
  });

  it("refuses a horizon that a writer could reach", async () => {
    const { table } = await makeTable("interval 15 minutes");
    await expect(table.vacuum()).rejects.toMatchObject({
      code: "DELTA_RETENTION_TOO_SHORT",
      message: expect.stringContaining("900000 ms"),
    });
  });
});

describe("deletions of a vacuum", () => {
  const keys = Array.from({ length: 100 }, (_, index) => `file-${index}`);
  const plan = { keys, sizeBytes: 0 };
  const storeWith = (deleteKey: (key: string) => Promise<void>) =>
    Object.assign(new MemoryObjectStore(new InstantClock()), { delete: deleteKey });

  it("go on beside one that is slow, 16 at a time at most", async () => {
    const slow = Promise.withResolvers<void>();
    const others = Promise.withResolvers<void>();
    const deleted: string[] = [];
    let underWay = 0;
    let most = 0;
    const store = storeWith(async (key) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await (key === "file-0" ? slow.promise : Promise.resolve());
      underWay -= 1;
      deleted.push(key);
      if (deleted.length === keys.length - 1) others.resolve();
    });
    const vacuum = runVacuum(store, plan);
    await others.promise;
    expect(deleted).not.toContain("file-0");
    slow.resolve();
    await vacuum;
    expect(deleted.toSorted()).toEqual(keys.toSorted());
    expect(most).toBe(16);
  });

  it("end with the first failure, when none is under way any more", async () => {
    let underWay = 0;
    let begun = 0;
    const store = storeWith(async (key) => {
      begun += 1;
      underWay += 1;
      await new Promise(setImmediate);
      underWay -= 1;
      if (key === "file-3") throw new Error("forbidden");
    });
    await expect(runVacuum(store, plan)).rejects.toThrow("forbidden");
    expect(underWay).toBe(0);
    expect(begun).toBeLessThan(keys.length);
  });
});

describe("the age of a commit", () => {
  it("is that of its files and of its plan", async () => {
    const { clock, table, write } = await makeTable();
    const add = await write("a");
    const plannedAt = clock.now();
    clock.pass(600_000);
    await table.commit(commitOf([add], { plannedAt }));
    clock.pass(1);
    const late = commitOf([removeOf("a")], { plannedAt });
    await expect(table.commit(late)).rejects.toMatchObject({ code: "DELTA_COMMIT_TOO_OLD" });
    // A file that the table has is not in danger, whatever its age.
    const restated = addOf("a", { ...add.add, stats: '{"numRecords":1}', dataChange: false });
    await table.commit(commitOf([restated]));
  });
});
