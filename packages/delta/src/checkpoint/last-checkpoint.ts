import { isRecord } from "../action/json-fields.ts";
import type { CallOptions, ObjectStore } from "../object-store/object-store.ts";
import type { Checkpoint } from "./checkpoint-file.ts";

/**
 * The version that `_last_checkpoint` names; undefined when the file is missing or damaged. It only says where to
 * begin looking: a writer that dies, or two that write at the same time, leave it behind the newest checkpoint, and
 * what it names may be cleaned up already.
 */
export async function readLastCheckpoint(
  store: ObjectStore,
  key: string,
  options?: CallOptions,
): Promise<number | undefined> {
  const bytes = await store.get(key, options);
  if (!bytes) return undefined;
  try {
    const hint: unknown = JSON.parse(Buffer.from(bytes).toString());
    const version = isRecord(hint) ? hint["version"] : undefined;
    const isVersion = typeof version === "number" && Number.isSafeInteger(version) && version >= 0;
    return isVersion ? version : undefined;
  } catch {
    return undefined; // a listing of the log tells the same, only slower
  }
}

export function encodeLastCheckpoint(checkpoint: Checkpoint): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      version: checkpoint.version,
      size: checkpoint.actionCount,
      sizeInBytes: checkpoint.bytes.length,
      numOfAddFiles: checkpoint.addCount,
    }),
  );
}
