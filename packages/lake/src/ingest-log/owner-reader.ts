import { join } from "node:path";
import { decodeEntry } from "./entry-record.ts";
import { errors } from "../errors.ts";
import type { StoredIngestEntry } from "./ingest-log.ts";
import { type LogFile, type LogFileSystem, fileErrorCode } from "./log-file-system.ts";
import { type ScannedRecord, scanRecords } from "./record-frame.ts";
import { firstSequenceOf, segmentPath, segmentSalt } from "./segment-file.ts";

/** A segment as the folder's listing tells it. */
export interface SegmentName {
  readonly path: string;
  readonly firstSequence: number;
  /** First number of the segment after it; undefined for the last one. */
  readonly nextSequence: number | undefined;
}

export type SegmentRecord =
  | { readonly sequence: number; readonly body: Buffer }
  | { readonly damaged: { readonly position: string; readonly reason: string } };

/** The segments of an owner by number; empty when it has no folder. */
export async function listSegments(
  fs: LogFileSystem,
  root: string,
  owner: string,
): Promise<readonly SegmentName[]> {
  const names = await fs.list(join(root, owner));
  const firsts = names
    .map(firstSequenceOf)
    .filter((first) => first !== undefined)
    .sort((a, b) => a - b);
  return firsts.map((firstSequence, index) => ({
    path: segmentPath(root, owner, firstSequence),
    firstSequence,
    nextSequence: firsts[index + 1],
  }));
}

/**
 * The entries of an owner with `afterSequence < sequence <= throughSequence`. Damage is told only where it cost one
 * of these numbers.
 */
export async function* readOwner(
  fs: LogFileSystem,
  root: string,
  owner: string,
  afterSequence: number,
  throughSequence: number,
): AsyncGenerator<StoredIngestEntry, void> {
  for (const segment of await listSegments(fs, root, owner)) {
    const { firstSequence, nextSequence = Infinity } = segment;
    if (nextSequence <= afterSequence + 1) continue;
    if (firstSequence > throughSequence) return;
    for await (const record of readSegment(fs, owner, segment, afterSequence)) {
      if ("damaged" in record) yield record;
      else if (record.sequence > throughSequence) return;
      else yield { sequence: record.sequence, ...decodeEntry(record.body) };
    }
  }
}

/**
 * The records of one segment with a sequence above `afterSequence`.
 *
 * What follows the last good record is the torn or cut-off end of a write that failed when the next segment begins
 * with the very next number, or when there is no next segment: no acknowledged entry can be in it, so it is passed
 * over. Records numbered like those of the next segment are such leftovers too.
 */
export async function* readSegment(
  fs: LogFileSystem,
  owner: string,
  segment: SegmentName,
  afterSequence: number,
): AsyncGenerator<SegmentRecord, void> {
  const { path, firstSequence, nextSequence } = segment;
  let expected = firstSequence;
  let damages: SegmentRecord[] = [];
  for await (const record of scanFile(fs, path, segmentSalt(owner, firstSequence))) {
    if ("damage" in record) {
      damages.push(damaged(path, record.position, record.damage));
    } else if (record.sequence >= expected && record.sequence < (nextSequence ?? Infinity)) {
      yield* lost(path, expected, record.sequence, afterSequence, damages);
      damages = [];
      expected = record.sequence + 1;
      if (record.sequence > afterSequence) yield record;
    }
  }
  if (nextSequence === undefined || expected === nextSequence) return;
  // Deleted since the folder was listed: its entries are released, not lost.
  if (await fs.exists(path)) yield* lost(path, expected, nextSequence, afterSequence, damages);
}

/** What is to be told when the numbers from `from` up to, not including, `to` did not come. */
function lost(
  path: string,
  from: number,
  to: number,
  afterSequence: number,
  damages: readonly SegmentRecord[],
): readonly SegmentRecord[] {
  if (from === to || to - 1 <= afterSequence) return [];
  return damages.length > 0
    ? damages
    : [damaged(path, 0, `entries ${from} to ${to - 1} are missing`)];
}

/** `scanRecords` of a file by its path, with errors in the words of the log. */
export async function* scanFile(
  fs: LogFileSystem,
  path: string,
  salt: number,
): AsyncGenerator<ScannedRecord, void> {
  let file: LogFile;
  try {
    file = await fs.open(path, "r");
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT") return;
    throw readFailed(path, error);
  }
  try {
    yield* scanRecords(file, salt);
  } catch (error) {
    throw readFailed(path, error);
  } finally {
    await file.close();
  }
}

function damaged(path: string, position: number, reason: string): SegmentRecord {
  return { damaged: { position: `${path}:${position}`, reason } };
}

function readFailed(path: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return errors.INGEST_STORAGE_FAILED({ path, reason }, { cause: error });
}
