import { open } from "node:fs/promises";
import type { ObjectStore } from "@scouter/delta";
import { errors } from "../errors.ts";
import type { CachedFile } from "./file-cache.ts";

/** Held in memory at a time. */
const CHUNK_BYTES = 8 * 2 ** 20;

/** Copies an object to a local file, piece by piece. Throws `LAKE_FILE_MISSING` unless it has the size expected. */
export async function fetchObject(
  store: Pick<ObjectStore, "getRange">,
  { name, sizeBytes }: CachedFile,
  path: string,
): Promise<void> {
  const file = await open(path, "wx");
  try {
    for (let start = 0; start < sizeBytes;) {
      const chunk = await store.getRange(name, start, Math.min(start + CHUNK_BYTES, sizeBytes));
      if (!chunk || chunk.length === 0) {
        throw errors.LAKE_FILE_MISSING({ file: name, found: start, sizeBytes });
      }
      await file.writeFile(chunk);
      start += chunk.length;
    }
  } finally {
    await file.close();
  }
}
