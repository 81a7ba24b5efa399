import { describe, expect, it } from "vitest";
import { DeltaTable } from "../delta-table.ts";
import { FaultInjectingObjectStore } from "../object-store/fault-injecting-object-store.ts";
import { MemoryObjectStore } from "../object-store/memory-object-store.ts";
import {
  InstantClock,
  addOf,
  commitOf,
  definition,
  removeOf,
  tableOptions,
} from "../table.fixture.ts";
import type { CommitRequest, DataAction } from "./commit-request.ts";

/** Two views of one table of two files; `theirs` commits first and `ours` has not seen it. */
async function makeRace(): Promise<{
  ours: DeltaTable;
  theirs: DeltaTable;
  store: MemoryObjectStore;
}> {
  const store = new MemoryObjectStore();
  const theirs = await DeltaTable.create(tableOptions(store, "theirs"), definition);
  await theirs.commit(commitOf([addOf("a"), addOf("b")]));
  return { ours: await DeltaTable.open(tableOptions(store, "ours")), theirs, store };
}

describe("a commit that meets another", () => {
  const metadataOf = (table: DeltaTable, description: string): DataAction => ({
    metaData: { ...table.snapshot.metadata, description },
  });
  const merge = [removeOf("a"), addOf("merged", { dataChange: false })];

  type Actions = (table: DeltaTable) => readonly DataAction[];
  type Case = readonly [name: string, theirs: Actions, ours: Actions];

  const compatible: readonly Case[] = [
    ["append after append", () => [addOf("x")], () => [addOf("y")]],
    ["append after a merge of files", () => merge, () => [addOf("y")]],
    ["append after a delete", () => [removeOf("a")], () => [addOf("y")]],
    ["merge of files after append", () => [addOf("x")], () => merge],
    ["merges of different files", () => merge, () => [removeOf("b"), addOf("n")]],
    ["metadata change after append", () => [addOf("x")], (table) => [metadataOf(table, "ours")]],
  ];
  it.each(compatible)("follows it: %s", async (_name, theirActions, ourActions) => {
    const { ours, theirs } = await makeRace();
    await theirs.commit(commitOf(theirActions(theirs)));
    const commit = ours.commit(commitOf(ourActions(ours)));
    expect(await commit).toMatchObject({ version: 3, attempts: 2 });
    expect(ours.snapshot.version).toBe(3);
  });

  const removed = "DELTA_CONFLICT_REMOVED";
  const redefined = "DELTA_CONFLICT_METADATA";
  const protocol: DataAction = { protocol: { minReaderVersion: 1, minWriterVersion: 2 } };
  const conflicting: readonly (readonly [...Case, code: string])[] = [
    ["merges of one file", () => merge, () => [removeOf("a"), addOf("n")], removed],
    ["delete after a merge", () => merge, () => [removeOf("a")], removed],
    [
      "append after a metadata change",
      (table) => [metadataOf(table, "theirs")],
      () => [addOf("y")],
      redefined,
    ],
    [
      "two metadata changes",
      (table) => [metadataOf(table, "theirs")],
      (table) => [metadataOf(table, "ours")],
      redefined,
    ],
    ["append after a protocol change", () => [protocol], () => [addOf("y")], redefined],
  ];
  it.each(conflicting)("loses: %s", async (_name, theirActions, ourActions, code) => {
    const { ours, theirs } = await makeRace();
    await theirs.commit(commitOf(theirActions(theirs)));
    const commit = ours.commit(commitOf(ourActions(ours)));
    await expect(commit).rejects.toMatchObject({ code, kind: "conflict" });
    expect((await theirs.refresh()).version).toBe(2);
    // The loser has seen what it lost against, so that it can plan again.
    expect(ours.snapshot.version).toBe(2);
  });

  it("is checked against every version since the plan, also those its own table has seen", async () => {
    const { ours, theirs } = await makeRace();
    const plannedOn = ours.snapshot.version;
    await theirs.commit(commitOf([removeOf("a"), addOf("a2")]));
    await theirs.commit(commitOf([addOf("a"), removeOf("a2")]));
    await ours.refresh();
    const request = commitOf([removeOf("a"), addOf("n")], { readVersion: plannedOn });
    await expect(ours.commit(request)).rejects.toMatchObject({ code: "DELTA_CONFLICT_REMOVED" });
    await expect(ours.commit(commitOf(request.actions))).resolves.toMatchObject({ version: 4 });
  });

  it("refuses a plan on a version that is not there", async () => {
    const { ours } = await makeRace();
    for (const readVersion of [9, -1]) {
      const commit = ours.commit(commitOf([addOf("x")], { readVersion }));
      await expect(commit).rejects.toMatchObject({ code: "DELTA_ACTION_INVALID" });
    }
  });

  it("waits a jittered, growing time between attempts and gives up in the end", async () => {
    const { store, theirs } = await makeRace();
    const clock = new InstantClock();
    let rivals = 0;
    const contended = new FaultInjectingObjectStore(store, async ({ operation }) => {
      if (operation === "putIfAbsent") await theirs.commit(commitOf([addOf(`rival ${++rivals}`)]));
      return undefined;
    });
    const options = tableOptions(contended, "ours", { clock, maxAttempts: 4, random: () => 0.5 });
    const ours = await DeltaTable.open(options);
    await expect(ours.commit(commitOf([addOf("mine")]))).rejects.toMatchObject({
      code: "DELTA_COMMIT_CONTENTION",
      kind: "busy",
    });
    expect(clock.pausesMs).toEqual([2.5, 5, 10]);
    expect(rivals).toBe(4);
    expect((await theirs.refresh()).file("mine")).toBeUndefined();
  });

  it("stops waiting when its signal aborts", async () => {
    const { ours, theirs } = await makeRace();
    await theirs.commit(commitOf([addOf("x")]));
    const controller = new AbortController();
    const commit = ours.commit(commitOf([addOf("y")], { signal: controller.signal }));
    const reason = new Error("stopping");
    controller.abort(reason);
    await expect(commit).rejects.toBe(reason);
    expect((await theirs.refresh()).file("y")).toBeUndefined();
  });

  it("keeps every commit of many writers, each once", async () => {
    const store = new MemoryObjectStore();
    await DeltaTable.create(tableOptions(store), definition);
    const writers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => DeltaTable.open(tableOptions(store, `w${index}`))),
    );
    const requests = (writer: number): CommitRequest[] =>
      Array.from({ length: 20 }, (_, index) => commitOf([addOf(`w${writer}-${index}`)]));
    await Promise.all(
      writers.flatMap((table, writer) => requests(writer).map((request) => table.commit(request))),
    );
    const { snapshot } = await DeltaTable.open(tableOptions(store));
    expect(snapshot.version).toBe(100);
    expect(new Set(snapshot.files().map((file) => file.path)).size).toBe(100);
  });
});

describe("a commit that would damage the table", () => {
  const cases: readonly (readonly [string, DataAction[], string])[] = [
    [
      "an add without the partition column",
      [addOf("x", { partitionValues: {} })],
      "DELTA_ACTION_INVALID",
    ],
    [
      "an add with an unknown partition column",
      [addOf("x", { partitionValues: { day: null, hour: "1" } })],
      "DELTA_ACTION_INVALID",
    ],
    ["a size that is no number", [addOf("x", { size: Number.NaN })], "DELTA_ACTION_INVALID"],
    ["a time in fractions", [addOf("x", { modificationTime: 1.5 })], "DELTA_ACTION_INVALID"],
    ["an absolute path", [addOf("/x")], "DELTA_ACTION_INVALID"],
    ["an empty path", [addOf("")], "DELTA_ACTION_INVALID"],
    ["one path twice", [addOf("x"), removeOf("x")], "DELTA_ACTION_INVALID"],
    ["a file that never was", [removeOf("never")], "DELTA_CONFLICT_REMOVED"],
    [
      "a newer protocol",
      [
        {
          protocol: {
            minReaderVersion: 3,
            minWriterVersion: 7,
            readerFeatures: ["deletionVectors"],
          },
        },
      ],
      "DELTA_PROTOCOL_UNSUPPORTED",
    ],
  ];
  it.each(cases)("%s is refused before anything is written", async (_name, actions, code) => {
    const { ours, store } = await makeRace();
    await expect(ours.commit(commitOf(actions))).rejects.toMatchObject({ code });
    expect((await DeltaTable.open(tableOptions(store))).snapshot.version).toBe(1);
  });

  it("does not delete rows of an append-only table, but merges its files", async () => {
    const store = new MemoryObjectStore();
    const table = await DeltaTable.create(tableOptions(store), {
      ...definition,
      configuration: { "delta.appendOnly": "true" },
    });
    await table.commit(commitOf([addOf("a")]));
    const remove = removeOf("a", { dataChange: true });
    await expect(table.commit(commitOf([remove]))).rejects.toMatchObject({
      code: "DELTA_ACTION_INVALID",
    });
    await table.commit(commitOf([removeOf("a"), addOf("b", { dataChange: false })]));
    expect(table.snapshot.files().map((file) => file.path)).toEqual(["b"]);
  });
});
