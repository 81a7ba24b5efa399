import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { decodeStatistics, type ObjectStore, type Snapshot } from "@scouter/delta";
import { type LakePlace, openTable, storeOf, type TableName } from "./lake-place.ts";

/**
 * Copies a table as it lies in its store, log included, so that other engines can read it as a folder; beside it
 * `expected.json` with what they must find: in each of its newest versions as many records as its statistics say.
 */
export async function keepTable(place: LakePlace, table: TableName, folder: string): Promise<void> {
  const store = await storeOf(place, table);
  await copyObjects(store, join(folder, table));
  const delta = await openTable(store);
  const { snapshot } = delta;
  const records: Record<string, number> = {};
  for (let { version } = snapshot; version > snapshot.version - VERSIONS; version -= 1) {
    records[version] = recordsOf(await delta.at(version));
  }
  const expected = {
    table,
    version: snapshot.version,
    oldestVersion: 0,
    records,
    distinct: "span_id",
  };
  await writeFile(join(folder, "expected.json"), JSON.stringify(expected));
}

/** Those before may name files that a vacuum has deleted. */
const VERSIONS = 2;

function recordsOf(snapshot: Snapshot): number {
  return snapshot
    .files()
    .reduce((sum, { stats }) => sum + (decodeStatistics(stats)?.numRecords ?? 0), 0);
}

async function copyObjects(store: ObjectStore, to: string): Promise<void> {
  for await (const { key } of store.list("")) {
    const bytes = await store.get(key);
    if (bytes === undefined) continue; // deleted meanwhile
    const path = join(to, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}
