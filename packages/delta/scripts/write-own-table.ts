/**
 * Writes a table with every kind of commit we make, a checkpoint, a cleaned log and a vacuum, for another engine to
 * read; beside it `expected.json` with what it must find.
 *
 * node --conditions=scouter-source packages/delta/scripts/write-own-table.ts <folder>
 */
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import {
  DeltaTable,
  type Snapshot,
  decodeStatistics,
  encodeStatistics,
  mapOf,
  nullable,
  openLocalObjectStore,
  required,
  structOf,
} from "../src/index.ts";
import { parquetWriteBuffer } from "hyparquet-writer";

const [folder = ""] = process.argv.slice(2);
if (folder === "") throw new Error("give the folder to write to");
const tableFolder = join(folder, "table");
await mkdir(tableFolder, { recursive: true });

const store = await openLocalObjectStore(tableFolder);
const table = await DeltaTable.create(
  {
    store,
    path: "",
    clock: systemClock,
    random: Math.random,
    newId: () => crypto.randomUUID(),
  },
  {
    schema: structOf([
      required("id", "long"),
      nullable("name", "string"),
      nullable("day", "date"),
      nullable("tags", mapOf("string", "string")),
    ]),
    partitionColumns: ["day"],
    configuration: {
      "delta.logRetentionDuration": "interval 7 days",
      "delta.deletedFileRetentionDuration": "interval 24 hours",
    },
  },
);

let nextId = 0;

async function writeFileOf(count: number, day: string | null, withMore = false) {
  const first = nextId;
  nextId += count;
  const ids = Array.from({ length: count }, (_, index) => BigInt(first + index));
  const bytes = parquetWriteBuffer({
    columnData: [
      { name: "id", data: ids, type: "INT64", nullable: false },
      { name: "name", data: ids.map((id) => `näme ${id}`), type: "STRING" },
      ...(withMore ? [{ name: "more", data: ids.map(String), type: "STRING" as const }] : []),
    ],
  });
  const path = `day=${day ?? "__HIVE_DEFAULT_PARTITION__"}/part ü ${first}.parquet`;
  await store.put(path, new Uint8Array(bytes));
  const stats = encodeStatistics({
    numRecords: count,
    minValues: { id: first },
    maxValues: { id: first + count - 1 },
    nullCount: { id: 0 },
  });
  return {
    add: {
      path,
      partitionValues: { day },
      size: bytes.byteLength,
      modificationTime: systemClock.now(),
      dataChange: true,
      stats,
    },
  };
}

function remove(path: string) {
  const file = table.snapshot.file(path);
  if (!file) throw new Error(`no file ${path}`);
  const { partitionValues, size } = file;
  const deletionTimestamp = systemClock.now();
  return {
    remove: {
      path,
      deletionTimestamp,
      dataChange: false,
      extendedFileMetadata: true,
      partitionValues,
      size,
    },
  };
}

const records: Record<string, number> = {};
function note(snapshot: Snapshot): void {
  records[snapshot.version] = snapshot
    .files()
    .reduce((sum, { stats }) => sum + (decodeStatistics(stats)?.numRecords ?? 0), 0);
}

note(table.snapshot);
for (let count = 0; count < 8; count++) {
  const days = ["2025-01-30", "2025-01-31", null] as const;
  const txn = { appId: "ingest/1", version: count + 1 };
  const actions = [await writeFileOf(5 + count, days[count % 3] ?? null)];
  note((await table.commit({ operation: "WRITE", actions, txn })).snapshot);
}
const removed = table.snapshot.files().slice(0, 2);
const merged = await writeFileOf(11, "2025-01-30");
const rewrite = [
  ...removed.map(({ path }) => remove(path)),
  { add: { ...merged.add, dataChange: false } },
];
note((await table.commit({ operation: "OPTIMIZE", actions: rewrite })).snapshot);
await table.checkpoint();
const checkpointVersion = table.snapshot.version;
note(await table.addColumns([nullable("more", "string")]));
const actions = [await writeFileOf(3, "2025-01-31", true)];
note((await table.commit({ operation: "WRITE", actions })).snapshot);

// Old enough to be cleaned, as if the commits were made long ago.
const longAgo = new Date(systemClock.now() - 30 * 86_400_000);
for (const name of await readdir(join(tableFolder, "_delta_log"))) {
  if (name < String(checkpointVersion).padStart(20, "0")) {
    await utimes(join(tableFolder, "_delta_log", name), longAgo, longAgo);
  }
}
const { oldestVersion } = await table.cleanLog();
if (oldestVersion !== checkpointVersion) throw new Error(`log begins at ${oldestVersion}`);
await table.vacuum();

const kept = Object.entries(records).filter(([version]) => Number(version) >= oldestVersion);
const expected = {
  table: "table",
  distinct: "id",
  version: table.snapshot.version,
  oldestVersion,
  records: Object.fromEntries(kept),
};
await writeFile(join(folder, "expected.json"), `${JSON.stringify(expected, null, 2)}\n`);
