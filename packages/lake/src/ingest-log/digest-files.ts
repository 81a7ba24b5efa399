import { basename, join } from "node:path";
import { DIGEST_BYTES, type StoredDigest, decodeRejected, encodeRejected } from "./entry-record.ts";
import { type LogFile, type LogFileSystem, makeDurableFolder } from "./log-file-system.ts";
import { scanFile } from "./owner-reader.ts";
import { fileHeader, newRecord, saltOf, sealBody, sealFrame } from "./record-frame.ts";
import { writeAll } from "./segment-file.ts";

/** Folder of the digest files within the log's root. */
export const DIGEST_FOLDER = "digests";
const OWNER_CHARACTERS = 36;
/** Body of a digest's record: appended at f64, digest, owner as text, rejected list as JSON; the number is the frame's. */
const OWNER_AT = 8 + DIGEST_BYTES;
const REJECTED_AT = OWNER_AT + OWNER_CHARACTERS;

interface DigestFile {
  readonly path: string;
  /** The file is of no use once this one's time is over. */
  newestAppendedAt: number;
}

/**
 * Digests of entries whose segment is deleted before their 15 minutes are over, in files of their own that are
 * deleted as a whole when the newest digest in them has expired.
 */
export class DigestFiles {
  readonly #fs: LogFileSystem;
  readonly #folder: string;
  readonly #owner: string;
  readonly #ttlMs: number;
  #files: DigestFile[] = [];
  #open:
    | { readonly file: LogFile; readonly entry: DigestFile; readonly startedAt: number }
    | undefined;
  #openBytes = 0;
  #count = 0;

  /** `owner` makes the names of this process's files unique. */
  constructor(fs: LogFileSystem, root: string, owner: string, ttlMs: number) {
    this.#fs = fs;
    this.#folder = join(root, DIGEST_FOLDER);
    this.#owner = owner;
    this.#ttlMs = ttlMs;
  }

  /** What earlier processes kept; expired files are deleted. Call once, before anything else. */
  async load(now: number): Promise<readonly StoredDigest[]> {
    await makeDurableFolder(this.#fs, this.#folder);
    const digests: StoredDigest[] = [];
    for (const name of await this.#fs.list(this.#folder)) {
      const path = join(this.#folder, name);
      const entry: DigestFile = { path, newestAppendedAt: -Infinity };
      for await (const record of scanFile(this.#fs, path, saltOf(name))) {
        // A torn end belongs to a segment that was then not deleted, so its digests are found there.
        if ("damage" in record) continue;
        const digest = decodeDigest(record.sequence, record.body);
        entry.newestAppendedAt = Math.max(entry.newestAppendedAt, digest.appendedAt);
        digests.push(digest);
      }
      this.#files.push(entry);
    }
    await this.prune(now);
    return digests;
  }

  /** Resolves when the digests are durable. */
  async add(digests: readonly StoredDigest[], now: number): Promise<void> {
    if (digests.length === 0) return;
    const { file, entry } = await this.#writable(now);
    const records = digests.map((digest) => encodeDigest(digest, saltOf(basename(entry.path))));
    try {
      const written = await writeAll(file, records, this.#openBytes);
      await file.datasync();
      this.#openBytes += written;
    } catch (error) {
      // The end of this file is unknown now: the caller's next try gets another.
      await this.#closeOpen().catch(() => undefined);
      throw error;
    }
    for (const { appendedAt } of digests) {
      entry.newestAppendedAt = Math.max(entry.newestAppendedAt, appendedAt);
    }
  }

  /** Deletes files that hold nothing any more. */
  async prune(now: number): Promise<void> {
    const isOver = (entry: DigestFile) => now - entry.newestAppendedAt >= this.#ttlMs;
    const over = this.#files.filter((entry) => entry !== this.#open?.entry && isOver(entry));
    for (const entry of over) await this.#fs.remove(entry.path);
    this.#files = this.#files.filter((entry) => !over.includes(entry));
  }

  async close(): Promise<void> {
    await this.#closeOpen();
  }

  /** A file takes digests for a third of their life, so that the oldest are kept at most that much too long. */
  async #writable(now: number): Promise<{ file: LogFile; entry: DigestFile }> {
    if (this.#open && Math.abs(now - this.#open.startedAt) < this.#ttlMs / 3) return this.#open;
    await this.#closeOpen();
    const path = join(this.#folder, `${this.#owner}-${++this.#count}.digests`);
    const file = await this.#fs.open(path, "wx");
    const entry: DigestFile = { path, newestAppendedAt: -Infinity };
    this.#files.push(entry);
    this.#open = { file, entry, startedAt: now };
    this.#openBytes = await writeAll(file, [fileHeader()], 0);
    await this.#fs.syncFolder(this.#folder);
    return this.#open;
  }

  async #closeOpen(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.file.close();
  }
}

function encodeDigest(stored: StoredDigest, salt: number): Buffer {
  const rejected = encodeRejected(stored.rejected);
  const { record, body } = newRecord(REJECTED_AT + rejected.length);
  body.writeDoubleLE(stored.appendedAt, 0);
  body.set(stored.digest, 8);
  body.write(stored.owner, OWNER_AT, "latin1");
  body.set(rejected, REJECTED_AT);
  sealBody(record);
  sealFrame(record, stored.sequence, salt);
  return record;
}

function decodeDigest(sequence: number, body: Buffer): StoredDigest {
  return {
    sequence,
    appendedAt: body.readDoubleLE(0),
    digest: Uint8Array.from(body.subarray(8, OWNER_AT)),
    owner: body.toString("latin1", OWNER_AT, REJECTED_AT),
    rejected: decodeRejected(body.subarray(REJECTED_AT)),
  };
}
