import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeStatistics } from "./action/file-statistics.ts";
import { DeltaTable } from "./delta-table.ts";
import { MemoryObjectStore } from "./object-store/memory-object-store.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { commitOf, removeOf, tableOptions } from "./table.fixture.ts";

/** What the engine that wrote the table says of it; see scripts/make-golden.py. */
interface Expected {
  readonly version: number;
  /** Of what is left after a clean-up of the log; 0 when absent. */
  readonly oldestVersion?: number;
  readonly partitionColumns: readonly string[];
  readonly columns: readonly string[];
  readonly transactions: Readonly<Record<string, number>>;
  readonly versions: Readonly<
    Record<string, { readonly records: number; readonly files: readonly ExpectedFile[] }>
  >;
}

interface ExpectedFile {
  /** As in the log: URL-encoded. */
  readonly path: string;
  readonly size: number;
  readonly records: number;
  readonly partition: Readonly<Record<string, string | null>>;
}

const root = join(import.meta.dirname, "..", "golden", "delta-rs");
const names = ["events", "events-checkpoint", "strange-partitions", "zstd-overwrite", "cleaned"];

async function load(name: string): Promise<{ store: MemoryObjectStore; expected: Expected }> {
  const folder = join(root, name, "table");
  const store = new MemoryObjectStore();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    await store.put(path.slice(folder.length + 1), await readFile(path));
  }
  const text = await readFile(join(root, name, "expected.json"), "utf8");
  return { store, expected: JSON.parse(text) as Expected };
}

function open(store: MemoryObjectStore): Promise<DeltaTable> {
  return DeltaTable.open(tableOptions(store, "reader", { path: "" }));
}

function filesIn(snapshot: Snapshot) {
  const files = snapshot.files().map(({ path, size, stats, partitionValues }) => ({
    path,
    size,
    records: decodeStatistics(stats)?.numRecords,
    partition: partitionValues,
  }));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function expectedFiles(expected: Expected, version: number) {
  const files = expected.versions[version]?.files ?? [];
  return files
    .map((file) => ({ ...file, path: decodeURIComponent(file.path) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The format cannot tell an empty text from null in a partition; the engine shows both as null. */
function emptyAsNull<T extends { readonly partition: ExpectedFile["partition"] }>(files: T[]): T[] {
  return files.map((file) => ({
    ...file,
    partition: Object.fromEntries(
      Object.entries(file.partition).map(([column, value]) => [column, value || null]),
    ),
  }));
}

describe.each(names)("the table '%s' of another engine", (name) => {
  it("is the same to us at every version", async () => {
    const { store, expected } = await load(name);
    const table = await open(store);
    expect(table.snapshot.version).toBe(expected.version);
    expect(table.snapshot.metadata.partitionColumns).toEqual(expected.partitionColumns);
    expect(table.snapshot.schema.fields.map((field) => field.name)).toEqual(expected.columns);
    for (const [appId, version] of Object.entries(expected.transactions)) {
      expect(table.snapshot.txn(appId)).toBe(version);
    }
    const { oldestVersion = 0 } = expected;
    for (let version = oldestVersion; version <= expected.version; version++) {
      const snapshot = await table.at(version);
      const files = emptyAsNull(filesIn(snapshot));
      expect(files, `version ${version}`).toEqual(expectedFiles(expected, version));
      const records = files.reduce((sum, file) => sum + (file.records ?? 0), 0);
      expect(records).toBe(expected.versions[version]?.records);
      for (const { path, size } of files) {
        expect(await store.head(path), path).toMatchObject({ sizeBytes: size });
      }
    }
  });

  it("takes our checkpoint and needs its own log no more", async () => {
    const { store, expected } = await load(name);
    const before = await open(store);
    await before.checkpoint();
    for await (const { key } of store.list("_delta_log/")) {
      if (key.endsWith(".json")) await store.delete(key);
    }
    const { snapshot } = await open(store);
    expect(emptyAsNull(filesIn(snapshot))).toEqual(expectedFiles(expected, expected.version));
  });

  it("takes our commits", async () => {
    const { store } = await load(name);
    const table = await open(store);
    const path = table.snapshot.files()[0]?.path ?? "";
    await table.commit(commitOf([removeOf(path)]));
    expect((await open(store)).snapshot.file(path)).toBeUndefined();
  });
});

it("a table of another engine is read from its checkpoint alone", async () => {
  const { store, expected } = await load("events-checkpoint");
  for (let version = 0; version <= 7; version++) {
    await store.delete(`_delta_log/${String(version).padStart(20, "0")}.json`);
  }
  const table = await open(store);
  expect(filesIn(table.snapshot)).toEqual(expectedFiles(expected, 8));
  expect(filesIn(await table.at(7))).toEqual(expectedFiles(expected, 7));
  expect(table.snapshot.txn("ingest/1")).toBe(6);
});

it("a version that another engine cleaned up is refused with what is left", async () => {
  const { store, expected } = await load("cleaned");
  const table = await open(store);
  expect(expected.oldestVersion).toBe(6);
  for (const version of [0, 5]) {
    await expect(table.at(version)).rejects.toMatchObject({
      code: "DELTA_VERSION_NOT_FOUND",
    });
  }
});
