import { isScouterError } from "@scouter/contracts";
import type { Action } from "../action/action.ts";
import { decodeCheckpoint } from "../checkpoint/checkpoint-file.ts";
import { readLastCheckpoint } from "../checkpoint/last-checkpoint.ts";
import { errors } from "../errors.ts";
import { type TableState, emptyTableState, replay } from "../snapshot/replay.ts";
import type { CheckpointFiles, LogListing } from "./log-listing.ts";
import type { LogReader } from "./log-reader.ts";

/** A clean-up of the log may delete what a listing has just shown: then the next listing shows what it left. */
const TRIES = 3;

/**
 * The table at a version, the newest by default: the newest checkpoint that can be read, and the commits after it.
 * Version -1 when there is no table.
 *
 * @throws DELTA_VERSION_NOT_FOUND for a version that is not there yet, or of which the log was cleaned up;
 * DELTA_LOG_GAP, DELTA_PROTOCOL_UNSUPPORTED
 */
export async function loadState(
  log: LogReader,
  table: string,
  version?: number,
): Promise<TableState> {
  for (let tries = 1; ; tries++) {
    try {
      return await loadOnce(log, table, version);
    } catch (error) {
      if (!isGap(error)) throw error;
      if (tries < TRIES) continue;
      if (version === undefined) throw error;
      throw errors.DELTA_VERSION_NOT_FOUND({ table, version }, { cause: error });
    }
  }
}

export function isGap(error: unknown): boolean {
  return isScouterError(error) && error.code === "DELTA_LOG_GAP";
}

async function loadOnce(
  log: LogReader,
  table: string,
  wanted: number | undefined,
): Promise<TableState> {
  const hint =
    wanted === undefined ? await readLastCheckpoint(log.store, log.lastCheckpointKey) : undefined;
  const fromHint = hint === undefined ? undefined : await baseIn(log, await log.listing(hint));
  const { listing, base, damage } = fromHint?.base
    ? fromHint
    : await baseIn(log, await log.listing(), wanted);
  const target = wanted ?? listing.newest;
  if (target > listing.newest) throw errors.DELTA_VERSION_NOT_FOUND({ table, version: target });
  let state = base ?? emptyTableState;
  try {
    for await (const batch of log.between(state.version + 1, target)) state = replay(state, batch);
  } catch (error) {
    if (base || !isGap(error)) throw error;
    if (listing.laterCheckpoints.length > 0) {
      const found = "checkpoints of the feature v2Checkpoint";
      throw errors.DELTA_PROTOCOL_UNSUPPORTED({ table, found }, { cause: error });
    }
    throw damage ?? error;
  }
  return state;
}

interface Base {
  readonly listing: LogListing;
  /** Undefined when no checkpoint can be read. */
  readonly base?: TableState;
  /** Why the newest could not be read. */
  readonly damage?: unknown;
}

/** The newest checkpoint up to `version` that can be read. */
async function baseIn(
  log: LogReader,
  listing: LogListing,
  version = Number.POSITIVE_INFINITY,
): Promise<Base> {
  let damage: unknown;
  for (const files of listing.checkpoints.toReversed()) {
    if (files.version > version) continue;
    try {
      const base = await readCheckpoint(log, files);
      if (base) return { listing, base };
    } catch (error) {
      if (!isScouterError(error) || error.code !== "DELTA_CHECKPOINT_UNREADABLE") throw error;
      damage ??= error;
    }
  }
  return { listing, damage };
}

/**
 * The state that a checkpoint holds; undefined when one of its files was deleted meanwhile.
 *
 * @throws DELTA_CHECKPOINT_UNREADABLE
 */
export async function readCheckpoint(
  log: LogReader,
  { version, keys }: CheckpointFiles,
): Promise<TableState | undefined> {
  const actions: Action[] = [];
  for (const key of keys) {
    const bytes = await log.store.get(key);
    if (!bytes) return undefined;
    for (const action of await decodeCheckpoint(key, bytes)) actions.push(action);
  }
  const state = replay(emptyTableState, [{ version, actions }]);
  if (state.protocol && state.metadata) return state;
  const reason = `it has no ${state.protocol ? "metaData" : "protocol"}`;
  throw errors.DELTA_CHECKPOINT_UNREADABLE({ key: keys[0] ?? "", reason });
}
