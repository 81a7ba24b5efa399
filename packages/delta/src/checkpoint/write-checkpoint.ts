import type { LogReader } from "../log/log-reader.ts";
import type { TableState } from "../snapshot/replay.ts";
import type { TableProperties } from "../table-property.ts";
import { encodeCheckpoint } from "./checkpoint-file.ts";
import { encodeLastCheckpoint, readLastCheckpoint } from "./last-checkpoint.ts";

/**
 * Stores a checkpoint of the state and points to it, unless a newer one is pointed to. Two processes that write one of
 * the same version store the same content, so neither order does harm.
 */
export async function writeCheckpoint(
  log: LogReader,
  state: TableState,
  properties: TableProperties,
  now: number,
): Promise<void> {
  const { deletedFileRetentionMs, transactionRetentionMs } = properties;
  const checkpoint = encodeCheckpoint(state, {
    removedBefore: now - deletedFileRetentionMs,
    transactionsBefore:
      transactionRetentionMs === undefined ? undefined : now - transactionRetentionMs,
  });
  await log.store.put(log.checkpointKeyOf(state.version), checkpoint.bytes);
  const known = await readLastCheckpoint(log.store, log.lastCheckpointKey);
  if (known !== undefined && known > state.version) return;
  await log.store.put(log.lastCheckpointKey, encodeLastCheckpoint(checkpoint));
}
