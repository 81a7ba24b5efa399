import { join } from "node:path";
import { type StoredDigest, decodeEntryDigest } from "./entry-record.ts";
import type { ClosedSegment } from "./group-appender.ts";
import type { LogFileSystem } from "./log-file-system.ts";
import { listSegments, readSegment } from "./owner-reader.ts";

/** What the folder of an owner holds, other than the one this process appends under. */
export interface EndedOwner {
  readonly segments: readonly ClosedSegment[];
  readonly bytes: number;
}

/** Reads an owner's segments through; every digest goes to `onDigest`. Segments without an entry are left out. */
export async function scanOwner(
  fs: LogFileSystem,
  root: string,
  owner: string,
  onDigest: (digest: StoredDigest) => void,
): Promise<EndedOwner> {
  const segments: ClosedSegment[] = [];
  let bytes = 0;
  for (const name of await listSegments(fs, root, owner)) {
    let lastSequence = name.firstSequence - 1;
    for await (const record of readSegment(fs, owner, name, 0)) {
      if ("damaged" in record) continue;
      lastSequence = record.sequence;
      bytes += record.body.length;
      onDigest(decodeEntryDigest(owner, record.sequence, record.body));
    }
    const { path, firstSequence, nextSequence } = name;
    // Numbers lost to damage at the end of a segment are part of it: it is deleted when they are released.
    if (nextSequence !== undefined) lastSequence = nextSequence - 1;
    if (lastSequence >= firstSequence) segments.push({ path, firstSequence, lastSequence });
  }
  return { segments, bytes };
}

/** The digests of one segment. */
export async function digestsOf(
  fs: LogFileSystem,
  owner: string,
  segment: ClosedSegment,
): Promise<readonly StoredDigest[]> {
  const { path, firstSequence, lastSequence } = segment;
  const digests: StoredDigest[] = [];
  const name = { path, firstSequence, nextSequence: lastSequence + 1 };
  for await (const record of readSegment(fs, owner, name, 0)) {
    if ("damaged" in record) continue;
    digests.push(decodeEntryDigest(owner, record.sequence, record.body));
  }
  return digests;
}

/** Deletes an owner's folder with everything in it. */
export async function removeOwner(fs: LogFileSystem, root: string, owner: string): Promise<void> {
  const folder = join(root, owner);
  for (const name of await fs.list(folder)) await fs.remove(join(folder, name));
  await fs.removeFolder(folder);
}
