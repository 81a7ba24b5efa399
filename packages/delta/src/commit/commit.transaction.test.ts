import { beforeEach, describe, expect, it } from "vitest";
import { DeltaTable } from "../delta-table.ts";
import { FaultInjectingObjectStore } from "../object-store/fault-injecting-object-store.ts";
import { MemoryObjectStore } from "../object-store/memory-object-store.ts";
import { addOf, commitOf, definition, tableOptions } from "../table.fixture.ts";
import { TransactionConflict, isTransactionConflict } from "./transaction-conflict.ts";

const appId = "ingest/owner";

describe("a commit with a transaction", () => {
  let store: MemoryObjectStore;
  let table: DeltaTable;
  beforeEach(async () => {
    store = new MemoryObjectStore();
    table = await DeltaTable.create(tableOptions(store), definition);
  });

  it("moves the application's mark", async () => {
    expect(table.snapshot.txn(appId)).toBeUndefined();
    const before = table.snapshot;
    await table.commit(commitOf([addOf("a")], { txn: { appId, version: 7 } }));
    await table.commit(commitOf([addOf("b")], { txn: { appId: "other", version: 1 } }));
    expect(table.snapshot.txn(appId)).toBe(7);
    expect(table.snapshot.transactions()).toEqual(
      new Map([
        [appId, 7],
        ["other", 1],
      ]),
    );
    expect(before.txn(appId)).toBeUndefined();
    expect((await DeltaTable.open(tableOptions(store))).snapshot.txn(appId)).toBe(7);
  });

  it.each([6, 7])(
    "is refused at version %d when the mark is at 7, with the mark",
    async (version) => {
      await table.commit(commitOf([addOf("a")], { txn: { appId, version: 7 } }));
      const error = await table
        .commit(commitOf([addOf("b")], { txn: { appId, version } }))
        .catch((refusal: unknown) => refusal);
      expect(error).toBeInstanceOf(TransactionConflict);
      expect(isTransactionConflict(error)).toBe(true);
      expect(error).toMatchObject({ appId, newestVersion: 7, code: "DELTA_CONFLICT_TRANSACTION" });
      expect(table.snapshot.version).toBe(1);
    },
  );

  it.each([
    ["lower", 5],
    ["the same", 7],
    ["higher", 9],
  ])(
    "does not go on when its application committed a %s version meanwhile",
    async (_name, theirs) => {
      const other = await DeltaTable.open(tableOptions(store, "other"));
      await other.commit(commitOf([addOf("theirs")], { txn: { appId, version: theirs } }));
      await expect(
        table.commit(commitOf([addOf("ours")], { txn: { appId, version: 7 } })),
      ).rejects.toMatchObject({ newestVersion: theirs });
      // The caller finds the mark in the snapshot, too, and can commit what is left after it.
      expect(table.snapshot.txn(appId)).toBe(theirs);
      expect((await other.refresh()).file("ours")).toBeUndefined();
      await table.commit(commitOf([addOf("rest")], { txn: { appId, version: 10 } }));
      expect(table.snapshot.txn(appId)).toBe(10);
    },
  );

  it("goes on after commits of other applications", async () => {
    const other = await DeltaTable.open(tableOptions(store, "other"));
    await other.commit(commitOf([addOf("theirs")], { txn: { appId: "other", version: 99 } }));
    const { attempts } = await table.commit(
      commitOf([addOf("ours")], { txn: { appId, version: 7 } }),
    );
    expect(attempts).toBe(2);
    expect(table.snapshot.txn(appId)).toBe(7);
  });

  it("lets one of two writers of an application win each step", async () => {
    const rivals = await Promise.all(
      ["a", "b"].map((name) => DeltaTable.open(tableOptions(store, name))),
    );
    for (let version = 1; version <= 20; version++) {
      const results = await Promise.allSettled(
        rivals.map((rival, index) =>
          rival.commit(commitOf([addOf(`${version}-${index}`)], { txn: { appId, version } })),
        ),
      );
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    }
    expect((await table.refresh()).files()).toHaveLength(20);
  });

  it("is refused by a late commit of its own after a lost reply and a restart", async () => {
    // The reply of the put is lost and so is everything after it: the process is as good as dead.
    let isDead = false;
    const dying = new FaultInjectingObjectStore(store, ({ operation }) => {
      if (isDead) return "fail";
      if (operation !== "putIfAbsent") return undefined;
      isDead = true;
      return "lose-reply";
    });
    const first = await DeltaTable.open(tableOptions(dying, "first", { maxAttempts: 3 }));
    const request = commitOf([addOf("once")], { txn: { appId, version: 7 } });
    await expect(first.commit(request)).rejects.toMatchObject({ code: "DELTA_COMMIT_UNCERTAIN" });

    await expect(table.commit(request)).rejects.toMatchObject({ newestVersion: 7 });
    expect(table.snapshot.files()).toHaveLength(1);
  });

  it.each([-1, 1.5, 2 ** 53])("refuses the version %d", async (version) => {
    const commit = table.commit(commitOf([], { txn: { appId, version } }));
    await expect(commit).rejects.toMatchObject({ code: "DELTA_ACTION_INVALID" });
  });
});
