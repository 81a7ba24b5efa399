import { join } from "node:path";
import { type Clock, isScouterError } from "@scouter/contracts";
import { DigestFiles } from "./digest-files.ts";
import { DigestTable, digestKey } from "./digest-table.ts";
import { type EndedOwner, digestsOf, removeOwner, scanOwner } from "./ended-owner.ts";
import { type StoredDigest, checkEntry, encodeEntry } from "./entry-record.ts";
import { errors } from "../errors.ts";
import { type ClosedSegment, GroupAppender } from "./group-appender.ts";
import { HeldBytes } from "./held-bytes.ts";
import {
  type AppendResult,
  DIGEST_TTL_MS,
  type IngestLog,
  type IngestLogCapabilities,
  type NewIngestEntry,
  type StoredIngestEntry,
} from "./ingest-log.ts";
import { type LogFileSystem, makeDurableFolder, nodeFileSystem } from "./log-file-system.ts";
import { isOwner, requireOwner } from "./owner-id.ts";
import { readOwner } from "./owner-reader.ts";
import { OPEN_MARKER } from "./segment-file.ts";

const DEFAULT_SEGMENT_BYTES = 64 << 20;
/** An open segment whose entries are all released is deleted from this size on. */
const IDLE_SEGMENT_BYTES = 1 << 20;

export interface FileIngestLogOptions {
  /** Folder of the log; made when missing. One process at a time may append to it. */
  readonly root: string;
  /** This process start: a fresh UUIDv7 in lower case. */
  readonly owner: string;
  readonly clock: Clock;
  /** A segment file is closed at about this size; default 64 MB. */
  readonly segmentBytes?: number;
  /** Default: the real one. Tests make it fail. */
  readonly fs?: LogFileSystem;
}

/**
 * Opens the log, refills the digests of the last 15 minutes and deletes folders of owners that hold nothing. Rejects
 * with `INGEST_OWNER_INVALID`, `INGEST_OWNER_REUSED`, or `INGEST_STORAGE_FAILED` when the folder cannot be used.
 */
export async function openFileIngestLog(options: FileIngestLogOptions): Promise<FileIngestLog> {
  const log = new FileIngestLog(options);
  await log.start();
  return log;
}

/**
 * The log as files: `<root>/<owner>/<first sequence>.log` segments, and `<root>/digests/` for digests that outlive
 * their segment. Appending is the business of `GroupAppender`; this class knows digests, owners and what is released.
 */
export class FileIngestLog implements IngestLog {
  readonly capabilities: IngestLogCapabilities = { durability: "power", shared: false };
  readonly owner: string;
  readonly #root: string;
  readonly #fs: LogFileSystem;
  readonly #clock: Clock;
  readonly #appender: GroupAppender;
  readonly #digests = new DigestTable(DIGEST_TTL_MS);
  readonly #digestFiles: DigestFiles;
  readonly #inFlight = new Map<string, Promise<AppendResult>>();
  readonly #held = new HeldBytes();
  readonly #idleSegmentBytes: number;
  /** Owners adopted by this process that still hold entries. */
  readonly #adopted = new Map<string, EndedOwner>();
  /** Bytes of other owners' entries, as far as known. */
  readonly #endedBytes = new Map<string, number>();
  #releasedThrough = 0;
  #closing: Promise<void> | undefined;
  /** Work on files of ended owners and released segments runs one after the other. */
  #lastMaintenance: Promise<unknown> = Promise.resolve();

  constructor(options: FileIngestLogOptions) {
    requireOwner(options.owner);
    this.owner = options.owner;
    this.#root = options.root;
    this.#fs = options.fs ?? nodeFileSystem;
    this.#clock = options.clock;
    const segmentBytes = options.segmentBytes ?? DEFAULT_SEGMENT_BYTES;
    this.#idleSegmentBytes = Math.min(IDLE_SEGMENT_BYTES, segmentBytes / 2);
    const { owner } = options;
    this.#appender = new GroupAppender({ fs: this.#fs, root: this.#root, owner, segmentBytes });
    this.#digestFiles = new DigestFiles(this.#fs, this.#root, owner, DIGEST_TTL_MS);
  }

  /** Call once, before anything else. */
  async start(): Promise<void> {
    await this.#reading(async () => {
      await makeDurableFolder(this.#fs, this.#root);
      if (await this.#fs.exists(join(this.#root, this.owner))) {
        throw errors.INGEST_OWNER_REUSED({ owner: this.owner });
      }
      const digests = [...(await this.#digestFiles.load(this.#clock.now()))];
      for (const owner of await this.#endedOwners()) {
        const { bytes, segments } = await scanOwner(this.#fs, this.#root, owner, (digest) => {
          digests.push(digest);
        });
        if (segments.length === 0) await removeOwner(this.#fs, this.#root, owner);
        else this.#endedBytes.set(owner, bytes);
      }
      this.#remember(digests);
      await this.#makeOwnerFolder();
    });
  }

  append(entry: NewIngestEntry): Promise<AppendResult> {
    if (this.#closing) return Promise.reject(errors.INGEST_LOG_CLOSED({}));
    try {
      checkEntry(entry);
    } catch (error) {
      return Promise.reject(error);
    }
    const key = digestKey(entry.digest);
    const first = this.#inFlight.get(key);
    if (first) return first.then((result) => ({ ...result, duplicate: true }));
    const now = this.#clock.now();
    this.#digests.expire(now);
    const found = this.#digests.find(entry.digest, now);
    if (found) return Promise.resolve({ ...found, duplicate: true });
    const result = this.#store(entry, now).finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, result);
    return result;
  }

  async *read(owner: string, afterSequence: number): AsyncGenerator<StoredIngestEntry, void> {
    this.#requireOpen();
    requireOwner(owner);
    // Beyond the last acknowledged entry of our own file lies what is being written.
    const through = owner === this.owner ? this.#appender.lastSequence : Infinity;
    yield* readOwner(this.#fs, this.#root, owner, afterSequence, through);
  }

  async release(owner: string, throughSequence: number): Promise<void> {
    this.#requireOpen();
    requireOwner(owner);
    await this.#maintain(async () => {
      if (owner === this.owner) await this.#releaseOwn(throughSequence);
      else await this.#releaseEnded(owner, throughSequence);
      await this.#digestFiles.prune(this.#clock.now());
    });
  }

  async adoptable(): Promise<readonly string[]> {
    this.#requireOpen();
    return this.#maintain(async () => {
      const holding: string[] = [];
      for (const owner of await this.#endedOwners()) {
        const ended = this.#adopted.get(owner) ?? (await this.#scan(owner));
        if (ended.segments.length > 0) holding.push(owner);
      }
      return holding;
    });
  }

  async adopt(owner: string): Promise<boolean> {
    this.#requireOpen();
    requireOwner(owner);
    return this.#maintain(async () => {
      const folder = join(this.#root, owner);
      if (this.#adopted.has(owner)) return true;
      if (!(await this.#fs.exists(folder))) return false;
      if (owner === this.owner) this.#appender.closeOwner();
      // From here on its appender acknowledges nothing; what it acknowledged before is in the files.
      await this.#fs.remove(join(folder, OPEN_MARKER));
      await this.#fs.syncFolder(folder);
      if (owner === this.owner) return true;
      const digests: StoredDigest[] = [];
      this.#adopted.set(owner, await this.#scan(owner, digests));
      this.#remember(digests);
      return true;
    });
  }

  heldBytes(): number {
    return this.#endedBytes.values().reduce((sum, bytes) => sum + bytes, this.#held.total);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #store(entry: NewIngestEntry, appendedAt: number): Promise<AppendResult> {
    const { owner } = this;
    const { rejected } = entry;
    const record = encodeEntry(entry, appendedAt);
    const digest = Uint8Array.from(entry.digest);
    const sequence = await this.#appender.append(record);
    this.#held.add(record.length);
    this.#digests.add({ digest, owner, sequence, appendedAt, rejected });
    return { owner, sequence, duplicate: false, rejected };
  }

  /** Resolves after the entries under way; keeps the owner's folder unless everything in it is released. */
  async #close(): Promise<void> {
    await this.#appender.rotate();
    await this.#maintain(async () => {
      await this.#releaseOwn(this.#releasedThrough);
      const isAllReleased = this.#releasedThrough === this.#appender.lastSequence;
      if (isAllReleased && (await this.#appender.ownsFolder())) {
        await removeOwner(this.#fs, this.#root, this.owner);
      }
      await this.#digestFiles.close();
    });
  }

  async #releaseOwn(throughSequence: number): Promise<void> {
    const appender = this.#appender;
    const through = Math.min(throughSequence, appender.lastSequence);
    this.#releasedThrough = Math.max(this.#releasedThrough, through);
    this.#held.releaseThrough(this.#releasedThrough);
    // The adopter of our entries deletes them.
    if (!(await appender.ownsFolder())) return;
    const isAllReleased = this.#releasedThrough === appender.lastSequence;
    if (isAllReleased && appender.openBytes >= this.#idleSegmentBytes) await appender.rotate();
    for (const segment of appender.closedSegments) {
      if (segment.lastSequence > this.#releasedThrough) break;
      await this.#deleteSegment(this.owner, segment);
      appender.forget(segment);
    }
  }

  async #releaseEnded(owner: string, throughSequence: number): Promise<void> {
    const ended = this.#adopted.get(owner);
    if (!ended) {
      if (!(await this.#fs.exists(join(this.#root, owner)))) return;
      throw errors.INGEST_OWNER_NOT_ADOPTED({ owner });
    }
    const released = ended.segments.filter(({ lastSequence }) => lastSequence <= throughSequence);
    for (const segment of released) await this.#deleteSegment(owner, segment);
    if (released.length > 0) this.#adopted.set(owner, await this.#scan(owner));
    if (this.#adopted.get(owner)?.segments.length !== 0) return;
    await removeOwner(this.#fs, this.#root, owner);
    this.#adopted.delete(owner);
    this.#endedBytes.delete(owner);
  }

  /** The digests are durable elsewhere before the segment goes. */
  async #deleteSegment(owner: string, segment: ClosedSegment): Promise<void> {
    const now = this.#clock.now();
    const digests = await digestsOf(this.#fs, owner, segment);
    const young = digests.filter(({ appendedAt }) => now - appendedAt < DIGEST_TTL_MS);
    await this.#digestFiles.add(young, now);
    await this.#fs.remove(segment.path);
  }

  async #scan(owner: string, digests: StoredDigest[] = []): Promise<EndedOwner> {
    const ended = await scanOwner(this.#fs, this.#root, owner, (digest) => {
      digests.push(digest);
    });
    this.#endedBytes.set(owner, ended.bytes);
    return ended;
  }

  #remember(digests: readonly StoredDigest[]): void {
    const oldestFirst = digests.toSorted((a, b) => a.appendedAt - b.appendedAt);
    for (const digest of oldestFirst) this.#digests.add(digest);
    this.#digests.expire(this.#clock.now());
  }

  async #endedOwners(): Promise<readonly string[]> {
    const names = await this.#fs.list(this.#root);
    return names.filter((name) => isOwner(name) && name !== this.owner).sort();
  }

  async #makeOwnerFolder(): Promise<void> {
    const folder = join(this.#root, this.owner);
    await makeDurableFolder(this.#fs, folder);
    const marker = await this.#fs.open(join(folder, OPEN_MARKER), "wx");
    await marker.close();
    await this.#fs.syncFolder(folder);
  }

  #requireOpen(): void {
    if (this.#closing) throw errors.INGEST_LOG_CLOSED({});
  }

  #maintain<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lastMaintenance.then(() => this.#reading(work));
    this.#lastMaintenance = result.catch(() => undefined);
    return result;
  }

  /** Errors of the file system in the words of the log. */
  async #reading<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isScouterError(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw errors.INGEST_STORAGE_FAILED({ path: this.#root, reason }, { cause: error });
    }
  }
}
