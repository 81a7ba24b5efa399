import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { type Compressors, parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Action } from "../action/action.ts";
import { actionOfJson, jsonOfAction } from "../action/action-json.ts";
import { MalformedField } from "../action/json-fields.ts";
import { errors } from "../errors.ts";
import type { TableState } from "../snapshot/replay.ts";
import {
  CHECKPOINT_COLUMNS,
  type CheckpointColumn,
  checkpointSchema,
} from "./checkpoint-schema.ts";

export interface Checkpoint {
  readonly version: number;
  readonly bytes: Uint8Array;
  readonly actionCount: number;
  readonly addCount: number;
}

/** What a checkpoint leaves out: marks of what was long ago. Milliseconds since the epoch. */
export interface CheckpointHorizons {
  /** Removed files are forgotten when removed before this. */
  readonly removedBefore: number;
  /** Transaction marks are forgotten when last changed before this; undefined keeps all. */
  readonly transactionsBefore: number | undefined;
}

/** The state as a Parquet file from which any Delta reader can begin. */
export function encodeCheckpoint(state: TableState, horizons: CheckpointHorizons): Checkpoint {
  const actions = actionsOf(state, horizons);
  const columnData = CHECKPOINT_COLUMNS.map((name) => ({
    name,
    data: actions.map((action) => columnValue(action, name)),
  }));
  const buffer = parquetWriteBuffer({
    columnData,
    schema: [...checkpointSchema],
    createdBy: "scouter-delta",
    statistics: false,
  });
  return {
    version: state.version,
    bytes: new Uint8Array(buffer),
    actionCount: actions.length,
    addCount: state.files.size,
  };
}

function actionsOf(state: TableState, horizons: CheckpointHorizons): readonly Action[] {
  const { protocol, metadata, transactions, files, tombstones } = state;
  const { removedBefore, transactionsBefore } = horizons;
  const actions: Action[] = [];
  if (protocol) actions.push({ protocol });
  if (metadata) actions.push({ metaData: metadata });
  for (const [, txn] of transactions.entries()) {
    // A mark of unknown age is kept: forgetting one too early would let its work be done twice.
    const age = txn.lastUpdated ?? Number.POSITIVE_INFINITY;
    if (transactionsBefore === undefined || age >= transactionsBefore) actions.push({ txn });
  }
  for (const [, add] of files.entries()) actions.push({ add: { ...add, dataChange: false } });
  for (const [, remove] of tombstones.entries()) {
    if (remove.deletionTimestamp < removedBefore) continue;
    actions.push({ remove: { ...remove, dataChange: false } });
  }
  return actions;
}

const LONGS = new Set([
  "version",
  "lastUpdated",
  "size",
  "modificationTime",
  "deletionTimestamp",
  "createdTime",
]);

function columnValue(action: Action, column: CheckpointColumn): object | null {
  if (!(column in action)) return null;
  const fields = (jsonOfAction(action) as Readonly<Record<string, object>>)[column] ?? {};
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      LONGS.has(name) && typeof value === "number" ? BigInt(value) : value,
    ]),
  );
}

const compressors: Compressors = {
  GZIP: (input) => gunzipSync(input),
  ZSTD: (input) => zstdDecompressSync(input),
};

/**
 * The actions in one file of a checkpoint, by whatever engine it was written. Throws `DELTA_CHECKPOINT_UNREADABLE`
 * for a file that is cut off or not a checkpoint.
 */
export async function decodeCheckpoint(key: string, bytes: Uint8Array): Promise<readonly Action[]> {
  try {
    const file = bytes.slice().buffer;
    const rows = await parquetReadObjects({ file, compressors });
    return rows.flatMap((row) => actionOfJson(plain(row)) ?? []);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw errors.DELTA_CHECKPOINT_UNREADABLE({ key, reason }, { cause: error });
  }
}

/** Parquet's values as a commit file would have them. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") {
    if (Number.isSafeInteger(Number(value))) return Number(value);
    throw new MalformedField(`the number ${value} is beyond 2^53`);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}
