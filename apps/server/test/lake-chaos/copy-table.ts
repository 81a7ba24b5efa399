import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type LakePlace, storeOf, type TableName } from "./lake-place.ts";

/** Copies a table as it lies in its store, log included, so that another engine can read it as a folder. */
export async function copyTable(place: LakePlace, table: TableName, to: string): Promise<void> {
  const store = await storeOf(place, table);
  for await (const { key } of store.list("")) {
    const bytes = await store.get(key);
    if (bytes === undefined) continue; // deleted meanwhile
    const path = join(to, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}
