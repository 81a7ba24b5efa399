import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeStatistics } from "./action/file-statistics.ts";
import { DeltaTable } from "./delta-table.ts";
import { MemoryObjectStore } from "./object-store/memory-object-store.ts";
import { arrayOf, mapOf, nullable, required, structOf } from "./schema/schema.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { NOW, addOf as addOfFixture, commitOf, removeOf, tableOptions } from "./table.fixture.ts";

describe("the golden table", () => {
  const folder = join(import.meta.dirname, "..", "golden", "events-v1");
  const goldenStore = new MemoryObjectStore();

  /** The files are older than a commit may be today. */
  const maxCommitAgeMs = NOW;
  const addOf: typeof addOfFixture = (path, more) =>
    addOfFixture(path, { modificationTime: 1, ...more });

  /** How the golden log was made; run with an empty folder it is written anew, which a reviewer will notice. */
  async function writeTable(store: MemoryObjectStore): Promise<DeltaTable> {
    const table = await DeltaTable.create(tableOptions(store, "golden", { maxCommitAgeMs }), {
      name: "events",
      description: "what a table of the first version looks like",
      schema: structOf([
        required("id", "long"),
        nullable("at", "timestamp"),
        nullable("day", "date"),
        nullable("attributes", mapOf("string", "string")),
        nullable("events", arrayOf(structOf([nullable("name", "string")]))),
      ]),
      partitionColumns: ["day"],
      configuration: { "delta.logRetentionDuration": "interval 7 days" },
    });
    const stats = encodeStatistics({
      numRecords: 3,
      minValues: { id: 1_700_000_000_000_000_001n, at: "2025-01-31T00:00:00.000Z" },
      maxValues: { id: 1_700_000_000_000_000_003n, at: "2025-01-31T00:00:00.001Z" },
      nullCount: { id: 0, at: 0 },
    });
    const first = addOf("day=2025-01-31/part 1 ü.parquet", { stats });
    const nullDay = addOf("day=__HIVE_DEFAULT_PARTITION__/a.parquet", {
      partitionValues: { day: null },
    });
    const txn = { appId: "ingest/0193f1a0-0000-7000-8000-000000000001", version: 1 };
    await table.commit(commitOf([first, nullDay], { txn }));
    await table.commit(
      commitOf([addOf("day=2025-01-31/b.parquet")], { txn: { ...txn, version: 5 } }),
    );
    await table.commit(
      commitOf(
        [
          removeOf(first.add.path, {
            extendedFileMetadata: true,
            partitionValues: first.add.partitionValues,
            size: first.add.size,
          }),
          addOf("day=2025-01-31/merged.parquet", { dataChange: false, size: 150 }),
        ],
        { operation: "OPTIMIZE", operationParameters: { targetSize: 128 } },
      ),
    );
    return table;
  }

  async function load(from: string, prefix = ""): Promise<void> {
    for (const entry of await readdir(from, { withFileTypes: true })) {
      const path = join(from, entry.name);
      if (entry.isDirectory()) await load(path, `${prefix}${entry.name}/`);
      else await goldenStore.put(`${prefix}${entry.name}`, await readFile(path));
    }
  }

  it("is written today as it was then", async () => {
    const store = new MemoryObjectStore();
    const { snapshot } = await writeTable(store);
    const isMissing = (await readdir(folder).catch(() => [])).length === 0;
    if (isMissing) await keep(store, snapshot);
    await load(folder);
    for await (const { key } of store.list("")) {
      expect(text(await store.get(key)), key).toBe(text(await goldenStore.get(key)));
    }
    expect(isMissing, "the golden folder was missing and has been written").toBe(false);
  });

  it("is read as it was then", async () => {
    await load(folder);
    const table = await DeltaTable.open(tableOptions(goldenStore));
    const expected: unknown = JSON.parse(await readFile(join(folder, "snapshot.json"), "utf8"));
    expect(plain(table.snapshot)).toEqual(expected);
  });

  async function keep(store: MemoryObjectStore, snapshot: Snapshot): Promise<void> {
    for await (const { key } of store.list("")) {
      await mkdir(dirname(join(folder, key)), { recursive: true });
      await writeFile(join(folder, key), (await store.get(key)) ?? "");
    }
    await writeFile(join(folder, "snapshot.json"), `${JSON.stringify(plain(snapshot), null, 2)}\n`);
  }
});

function plain(snapshot: Snapshot): unknown {
  const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
  return {
    version: snapshot.version,
    protocol: snapshot.protocol,
    metadata: snapshot.metadata,
    schema: snapshot.schema,
    files: [...snapshot.files()].sort(byPath),
    tombstones: [...snapshot.tombstones()].sort(byPath),
    transactions: Object.fromEntries(snapshot.transactions()),
  };
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes);
}
