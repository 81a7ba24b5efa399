import type { IngestLog, NewIngestEntry, StoredIngestEntry } from "@scouter/lake";
import type { Make, Place } from "./place.ts";

export const UNKNOWN_OWNER = "0193f1a0-0000-7000-8000-ffffffffffff";

export async function opened(make: Make): Promise<{ place: Place; log: IngestLog }> {
  const place = await make();
  return { place, log: await place.open() };
}

/** An entry whose payload and digest tell its number. */
export function entryOf(number: number, more: Partial<NewIngestEntry> = {}): NewIngestEntry {
  const digest = new Uint8Array(20);
  const payload = new Uint8Array(8);
  new DataView(digest.buffer).setUint32(0, number);
  new DataView(payload.buffer).setUint32(0, number);
  return {
    format: "otlp-protobuf",
    payload,
    digest,
    receivedAt: 1000 + number,
    rejected: [],
    ...more,
  };
}

export function numberOf(entry: NewIngestEntry): number {
  return new DataView(entry.digest.buffer, entry.digest.byteOffset).getUint32(0);
}

export function range(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

export async function collect(
  reading: AsyncIterable<StoredIngestEntry>,
): Promise<StoredIngestEntry[]> {
  const entries: StoredIngestEntry[] = [];
  for await (const entry of reading) entries.push(entry);
  return entries;
}

type IntactEntry = NewIngestEntry & { readonly sequence: number };

/** The entries, failing on damage. */
export async function entriesOf(
  log: IngestLog,
  owner: string,
  afterSequence: number,
): Promise<readonly IntactEntry[]> {
  const entries = await collect(log.read(owner, afterSequence));
  return entries.map((entry) => {
    if (entry.damaged)
      throw new Error(`damaged at ${entry.damaged.position}: ${entry.damaged.reason}`);
    return entry;
  });
}

export async function sequencesOf(
  log: IngestLog,
  owner: string,
  afterSequence: number,
): Promise<readonly number[]> {
  return (await entriesOf(log, owner, afterSequence)).map((entry) => entry.sequence);
}
