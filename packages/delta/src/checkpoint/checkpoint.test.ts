import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCommit, encodeCommit } from "../action/action-json.ts";
import type { Action } from "../action/action.ts";
import { DeltaTable } from "../delta-table.ts";
import { CountingObjectStore } from "../object-store/counting-object-store.ts";
import { MemoryObjectStore } from "../object-store/memory-object-store.ts";
import { emptyTableState, replay, type TableState } from "../snapshot/replay.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import {
  InstantClock,
  NOW,
  addOf,
  commitOf,
  definition,
  logKey,
  removeOf,
  tableOptions,
} from "../table.fixture.ts";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint-file.ts";

const HINT = "tables/events/_delta_log/_last_checkpoint";
const DAY_MS = 86_400_000;

function checkpointKey(version: number): string {
  return logKey(version).replace(".json", ".checkpoint.parquet");
}

function contentOf(snapshot: Snapshot): unknown {
  return {
    version: snapshot.version,
    metadata: snapshot.metadata,
    protocol: snapshot.protocol,
    files: new Map(snapshot.files().map((file) => [file.path, { ...file, dataChange: false }])),
    transactions: snapshot.transactions(),
  };
}

/** A table of versions 0 to 6 with a checkpoint at each version asked for. */
async function makeTable(checkpoints: readonly number[]) {
  const store = new MemoryObjectStore();
  const options = tableOptions(store, "writer");
  const table = await DeltaTable.create(options, definition);
  const snapshots: Snapshot[] = [table.snapshot];
  const txn = (version: number) => ({ appId: "app", version });
  const commits = [
    commitOf([addOf("day=2025-01-31/a ü.parquet", { stats: '{"numRecords":1}' })], { txn: txn(1) }),
    commitOf([addOf("b", { partitionValues: { day: null }, tags: { k: "v" } })]),
    commitOf([removeOf("b", { deletionTimestamp: NOW }), addOf("c")], { txn: txn(2) }),
    commitOf([{ metaData: { ...table.snapshot.metadata, description: "changed" } }]),
    commitOf([addOf("d")]),
    commitOf([addOf("e")]),
  ];
  if (checkpoints.includes(0)) await table.checkpoint();
  for (const [index, commit] of commits.entries()) {
    snapshots.push((await table.commit(commit)).snapshot);
    if (checkpoints.includes(index + 1)) await table.checkpoint();
  }
  return { store, table, snapshots };
}

describe("a checkpoint", () => {
  it.each([0, 1, 2, 3, 4, 5, 6])("at version %d gives the table that the log gives", async (at) => {
    const { store, snapshots } = await makeTable([at]);
    const newest = contentOf((await DeltaTable.open(tableOptions(store))).snapshot);
    expect(newest).toEqual(contentOf(snapshots[6] as Snapshot));
    for (let version = 0; version < at; version++) await store.delete(logKey(version));
    const reopened = await DeltaTable.open(tableOptions(store));
    expect(contentOf(reopened.snapshot)).toEqual(newest);
    for (let version = at; version <= 6; version++) {
      const expected = contentOf(snapshots[version] as Snapshot);
      expect(contentOf(await reopened.at(version)), `version ${version}`).toEqual(expected);
    }
  });

  it("makes opening cheap: the hint, a listing from there, the file and what came after", async () => {
    const { store: inner } = await makeTable([4]);
    const store = new CountingObjectStore(inner);
    await DeltaTable.open(tableOptions(store));
    expect(store.counts()).toMatchObject({ list: 1, get: 4 });
  });

  it("keeps young tombstones and forgets old ones, and old transactions where asked", async () => {
    const store = new MemoryObjectStore();
    const clock = new InstantClock();
    const table = await DeltaTable.create(tableOptions(store, "writer", { clock }), {
      ...definition,
      configuration: {
        "delta.deletedFileRetentionDuration": "interval 24 hours",
        "delta.setTransactionRetentionDuration": "interval 2 days",
      },
    });
    const now = () => ({ modificationTime: clock.now() });
    const txn = { appId: "old", version: 1 };
    await table.commit(commitOf([addOf("a"), addOf("b")], { txn }));
    await table.commit(commitOf([removeOf("a", { deletionTimestamp: clock.now() })]));
    clock.pass(3 * DAY_MS);
    await table.commit(commitOf([addOf("c", now())], { txn: { appId: "new", version: 1 } }));
    await table.commit(commitOf([removeOf("b", { deletionTimestamp: clock.now() })]));
    const version = await table.checkpoint();
    for (let each = 0; each <= version; each++) await store.delete(logKey(each));
    const { snapshot } = await DeltaTable.open(tableOptions(store));
    expect(snapshot.tombstones().map(({ path }) => path)).toEqual(["b"]);
    expect(snapshot.transactions()).toEqual(new Map([["new", 1]]));
  });
});

const damages: readonly (readonly [string, (store: MemoryObjectStore) => Promise<void>])[] = [
  ["missing", (store) => store.delete(HINT)],
  ["empty", (store) => store.put(HINT, Buffer.from(""))],
  ["no JSON", (store) => store.put(HINT, Buffer.from("{"))],
  ["JSON without a version", (store) => store.put(HINT, Buffer.from('{"version":"4"}'))],
  ["stale", (store) => store.put(HINT, Buffer.from('{"version":2,"size":5}'))],
  ["ahead of everything", (store) => store.put(HINT, Buffer.from('{"version":99,"size":5}'))],
  ["for a file that is gone", (store) => store.delete(checkpointKey(4))],
  ["for a file that is cut off", (store) => cutOff(store, checkpointKey(4))],
  ["for a file that is empty", (store) => store.put(checkpointKey(4), Buffer.from(""))],
];

async function cutOff(store: MemoryObjectStore, key: string): Promise<void> {
  const whole = (await store.get(key)) ?? new Uint8Array();
  await store.put(key, whole.subarray(0, whole.length - 20));
}

describe("the hint to the last checkpoint", () => {
  it.each(damages)("is survived when it is %s", async (_name, damage) => {
    const { store, snapshots } = await makeTable([2, 4]);
    await damage(store);
    await store.delete(logKey(0));
    const { snapshot } = await DeltaTable.open(tableOptions(store));
    expect(contentOf(snapshot)).toEqual(contentOf(snapshots[6] as Snapshot));
  });

  it("does not go back when an older checkpoint is stored later", async () => {
    const { store } = await makeTable([5]);
    const behind = await DeltaTable.open(tableOptions(store, "behind"));
    const hintBefore = await store.get(HINT);
    await store.put(HINT, Buffer.from('{"version":9,"size":1}'));
    await behind.checkpoint();
    expect(Buffer.from((await store.get(HINT)) ?? []).toString()).toContain('"version":9');
    expect(Buffer.from(hintBefore ?? []).toString()).toContain('"version":5');
  });

  it("does not hide that nothing can be read any more", async () => {
    const { store } = await makeTable([4]);
    await cutOff(store, checkpointKey(4));
    await store.delete(logKey(0));
    await expect(DeltaTable.open(tableOptions(store))).rejects.toMatchObject({
      code: "DELTA_CHECKPOINT_UNREADABLE",
    });
  });
});

describe("other forms of checkpoints", () => {
  it("reads one in several parts, and passes over one that is not whole", async () => {
    const { store, snapshots } = await makeTable([]);
    const table = await DeltaTable.open(tableOptions(store));
    const state = await stateAt(store, 4);
    const actions = await decodeCheckpoint("x", encodeCheckpoint(state, keepAll).bytes);
    const part = (number: number, version: number) =>
      checkpointKey(version).replace(
        ".parquet",
        `.${String(number).padStart(10, "0")}.0000000002.parquet`,
      );
    const half = Math.ceil(actions.length / 2);
    const parts = [actions.slice(0, half), actions.slice(half)];
    for (const [index, some] of parts.entries()) {
      const only = replay(emptyTableState, [{ version: 4, actions: some }]);
      await store.put(part(index + 1, 4), encodeCheckpoint(only, keepAll).bytes);
    }
    await store.put(part(1, 5), Buffer.from("the other part was never stored"));
    for (let version = 0; version <= 4; version++) await store.delete(logKey(version));
    const reopened = await DeltaTable.open(tableOptions(store));
    expect(contentOf(reopened.snapshot)).toEqual(contentOf(snapshots[6] as Snapshot));
    expect(contentOf(table.snapshot)).toEqual(contentOf(snapshots[6] as Snapshot));
  });

  it("refuses a log that begins with a checkpoint of a later form", async () => {
    const { store } = await makeTable([]);
    const name = "00000000000000000003.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json";
    await store.put(`tables/events/_delta_log/${name}`, Buffer.from("{}"));
    expect((await DeltaTable.open(tableOptions(store))).snapshot.version).toBe(6);
    await store.delete(logKey(0));
    await expect(DeltaTable.open(tableOptions(store))).rejects.toMatchObject({
      code: "DELTA_PROTOCOL_UNSUPPORTED",
      message: expect.stringContaining("v2Checkpoint"),
    });
  });
});

const keepAll = { removedBefore: 0, transactionsBefore: undefined };

async function stateAt(store: MemoryObjectStore, newest: number): Promise<TableState> {
  let state = emptyTableState;
  for (let version = 0; version <= newest; version++) {
    const bytes = (await store.get(logKey(version))) ?? new Uint8Array();
    state = replay(state, [{ version, actions: decodeCommit("x", bytes) }]);
  }
  return state;
}

const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((it) => it.isWellFormed());
const path = text.map((it) => `f${it}`);
const anyAction: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    add: fc.record({
      path,
      partitionValues: fc.dictionary(
        text.map((it) => `c${it}`),
        fc.option(text),
      ),
      size: fc.nat(),
      modificationTime: fc.maxSafeNat(),
      dataChange: fc.constant(false),
      stats: fc.constantFrom('{"numRecords":1}', '{"numRecords":2,"nullCount":{"ü":0}}'),
    }),
  }),
  path.map((each) => removeOf(each, { size: 5, extendedFileMetadata: true })),
  fc.record({ txn: fc.record({ appId: text, version: fc.maxSafeNat() }) }),
);

it("a checkpoint holds what a replay from zero holds, whatever the actions", async () => {
  const start: readonly Action[] = [
    { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
    {
      metaData: { id: "t", schemaString: "{}", partitionColumns: ["ü"], configuration: { k: "v" } },
    },
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(anyAction, { maxLength: 40 }), async (actions) => {
      // Through a commit file, so that both have the same idea of what is absent.
      const written = decodeCommit("x", encodeCommit([...start, ...actions]));
      const state = replay(emptyTableState, [{ version: 7, actions: written }]);
      const { bytes } = encodeCheckpoint(state, keepAll);
      const read = replay(emptyTableState, [
        { version: 7, actions: await decodeCheckpoint("x", bytes) },
      ]);
      expect(new Map(read.files.entries())).toEqual(new Map(state.files.entries()));
      expect(new Map(read.tombstones.entries())).toEqual(new Map(state.tombstones.entries()));
      expect(new Map(read.transactions.entries())).toEqual(new Map(state.transactions.entries()));
      expect(read.metadata).toEqual(state.metadata);
      expect(read.protocol).toEqual(state.protocol);
    }),
    { numRuns: 60 },
  );
});
