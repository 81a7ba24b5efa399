import { isScouterError } from "@scouter/contracts";
import type { CheckpointFiles } from "./log-listing.ts";
import { readCheckpoint } from "./load-state.ts";
import type { LogReader } from "./log-reader.ts";

export interface LogCleaning {
  /** The oldest version that can still be read. */
  readonly oldestVersion: number;
  readonly deletedFiles: number;
}

/**
 * Deletes commits and checkpoints that only serve versions older than `olderThan` (milliseconds since the epoch, by
 * the store's clock). The base stays: the newest checkpoint at or below the oldest version that is young, which is
 * read before anything is deleted. Oldest files go first, so that a clean-up cut short leaves no gap.
 */
export async function cleanLog(log: LogReader, olderThan: number): Promise<LogCleaning> {
  const { commits, checkpoints, newest } = await log.listing();
  const firstYoung = commits.find(({ modifiedAt }) => modifiedAt >= olderThan)?.version ?? newest;
  const base = await readableBase(log, checkpoints, firstYoung);
  const oldest = commits[0]?.version ?? newest;
  if (base === undefined) return { oldestVersion: oldest, deletedFiles: 0 };
  const victims = [
    ...commits
      .filter(({ version }) => version < base)
      .map(({ version, key }) => ({ version, key })),
    ...checkpoints
      .filter(({ version }) => version < base)
      .flatMap(({ version, keys }) => keys.map((key) => ({ version, key }))),
  ].sort((a, b) => a.version - b.version);
  for (const { key } of victims) await log.store.delete(key);
  return { oldestVersion: base, deletedFiles: victims.length };
}

async function readableBase(
  log: LogReader,
  checkpoints: readonly CheckpointFiles[],
  limit: number,
): Promise<number | undefined> {
  for (const files of checkpoints.toReversed()) {
    if (files.version > limit) continue;
    try {
      if (await readCheckpoint(log, files)) return files.version;
    } catch (error) {
      if (!isScouterError(error) || error.code !== "DELTA_CHECKPOINT_UNREADABLE") throw error;
      // Another one, or the commits, must serve instead of it: they stay.
    }
  }
  return undefined;
}
