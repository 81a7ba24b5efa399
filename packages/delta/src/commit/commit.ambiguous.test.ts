import { describe, expect, it } from "vitest";
import { DeltaTable } from "../delta-table.ts";
import { errors } from "../errors.ts";
import {
  type Fault,
  FaultInjectingObjectStore,
  type ObjectCall,
} from "../object-store/fault-injecting-object-store.ts";
import { MemoryObjectStore } from "../object-store/memory-object-store.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { addOf, commitOf, definition, logKey, tableOptions } from "../table.fixture.ts";

interface Setup {
  readonly inner: MemoryObjectStore;
  readonly table: DeltaTable;
}

/** A table whose store follows `plan` once it is created. */
async function makeTable(plan: (call: ObjectCall) => Fault | undefined): Promise<Setup> {
  const inner = new MemoryObjectStore();
  await DeltaTable.create(tableOptions(inner, "creator"), definition);
  const store = new FaultInjectingObjectStore(inner, plan);
  const table = await DeltaTable.open(tableOptions(store, "ours", { maxAttempts: 5 }));
  return { inner, table };
}

async function pathsOf(store: ObjectStore): Promise<string[]> {
  const { snapshot } = await DeltaTable.open(tableOptions(store));
  return snapshot.files().map((file) => file.path);
}

describe("a commit whose reply is lost", () => {
  it.each([
    ["rejects", "lose-reply"],
    ["answers that the version is taken", "deny"],
  ] as const)("is recognised as stored when the put %s", async (_name, fault) => {
    const { inner, table } = await makeTable((call) =>
      call.operation === "putIfAbsent" && call.attempt === 1 ? fault : undefined,
    );
    expect(await table.commit(commitOf([addOf("a")]))).toMatchObject({ version: 1, attempts: 1 });
    expect(table.snapshot.file("a")).toBeDefined();
    await table.commit(commitOf([addOf("b")]));
    expect(await pathsOf(inner)).toEqual(["a", "b"]);
  });

  it("is tried again at the same version when it was not stored", async () => {
    const { inner, table } = await makeTable((call) =>
      call.operation === "putIfAbsent" && call.attempt <= 2 ? "fail" : undefined,
    );
    expect(await table.commit(commitOf([addOf("a")]))).toMatchObject({ version: 1, attempts: 3 });
    expect(await pathsOf(inner)).toEqual(["a"]);
  });

  it("is found later when the version cannot be read back at first", async () => {
    const { inner, table } = await makeTable((call) => {
      if (call.key !== logKey(1)) return undefined;
      if (call.operation === "putIfAbsent") return "lose-reply";
      return call.operation === "get" && call.attempt === 1 ? "fail" : undefined;
    });
    expect(await table.commit(commitOf([addOf("a")]))).toMatchObject({ version: 1 });
    expect(await pathsOf(inner)).toEqual(["a"]);
  });

  it("is found when its put arrives late, after it was read back as missing", async () => {
    const inner = new MemoryObjectStore();
    await DeltaTable.create(tableOptions(inner, "creator"), definition);
    const late = new LatePutStore(inner);
    const table = await DeltaTable.open(tableOptions(late, "ours"));
    expect(await table.commit(commitOf([addOf("a")]))).toMatchObject({ version: 1 });
    expect(late.arrived).toBe(1);
    expect(await pathsOf(inner)).toEqual(["a"]);
    expect((await DeltaTable.open(tableOptions(inner))).snapshot.version).toBe(1);
  });

  it("goes to the next version when another writer has taken this one", async () => {
    const { inner, table } = await makeTable((call) =>
      call.operation === "putIfAbsent" && call.attempt === 1 ? "lose-reply" : undefined,
    );
    const other = await DeltaTable.open(tableOptions(inner, "theirs"));
    await other.commit(commitOf([addOf("theirs")]));
    expect(await table.commit(commitOf([addOf("ours")]))).toMatchObject({ version: 2 });
    expect(await pathsOf(inner)).toEqual(["theirs", "ours"]);
  });

  it.each([
    ["stored", "lose-reply", true],
    ["not stored", "fail", false],
  ] as const)(
    "ends as uncertain when nothing can be read any more (%s)",
    async (_name, fault, isStored) => {
      let isDown = false;
      const { inner, table } = await makeTable(({ operation }) => {
        if (isDown) return "fail";
        if (operation !== "putIfAbsent") return undefined;
        isDown = true;
        return fault;
      });
      await expect(table.commit(commitOf([addOf("a")]))).rejects.toMatchObject({
        code: "DELTA_COMMIT_UNCERTAIN",
        kind: "unavailable",
        cause: { code: "OBJECT_STORE_UNAVAILABLE" },
      });
      expect(await pathsOf(inner)).toEqual(isStored ? ["a"] : []);
      isDown = false;
      expect((await table.refresh()).file("a") !== undefined).toBe(isStored);
    },
  );

  it("is not tried again when the store refuses for good", async () => {
    const inner = new MemoryObjectStore();
    await DeltaTable.create(tableOptions(inner, "creator"), definition);
    const refusal = errors.OBJECT_STORE_FORBIDDEN({
      operation: "putIfAbsent",
      key: logKey(1),
      reason: "read only",
    });
    let tries = 0;
    const readOnly = new LatePutStore(inner, () => {
      tries++;
      throw refusal;
    });
    const table = await DeltaTable.open(tableOptions(readOnly, "ours"));
    await expect(table.commit(commitOf([addOf("a")]))).rejects.toBe(refusal);
    expect(tries).toBe(1);
  });

  it("creates a table once", async () => {
    const inner = new MemoryObjectStore();
    const store = new FaultInjectingObjectStore(inner, (call) =>
      call.operation === "putIfAbsent" ? "lose-reply" : undefined,
    );
    const table = await DeltaTable.create(tableOptions(store, "ours"), definition);
    expect(table.snapshot.version).toBe(0);
    await expect(
      DeltaTable.create(tableOptions(inner, "theirs"), definition),
    ).rejects.toMatchObject({ code: "DELTA_TABLE_EXISTS" });
  });
});

/** Its first conditional put times out and takes effect only after the object was looked for. */
class LatePutStore extends FaultInjectingObjectStore {
  arrived = 0;
  readonly #inner: ObjectStore;
  readonly #onPut: (() => never) | undefined;
  #underWay: (() => Promise<boolean>) | undefined;

  constructor(inner: ObjectStore, onPut?: () => never) {
    super(inner, () => undefined);
    this.#inner = inner;
    this.#onPut = onPut;
  }

  override async putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    this.#onPut?.();
    if (this.arrived > 0 || this.#underWay) return this.#inner.putIfAbsent(key, bytes);
    this.#underWay = () => this.#inner.putIfAbsent(key, bytes);
    throw errors.OBJECT_STORE_UNAVAILABLE({ operation: "putIfAbsent", key, reason: "timed out" });
  }

  override async get(key: string): Promise<Uint8Array | undefined> {
    const found = await this.#inner.get(key);
    const arrive = this.#underWay;
    this.#underWay = undefined;
    if (arrive && (await arrive())) this.arrived++;
    return found;
  }
}
