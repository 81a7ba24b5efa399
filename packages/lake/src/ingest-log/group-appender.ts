import { join } from "node:path";
import { isScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { type LogFileSystem, fileErrorCode } from "./log-file-system.ts";
import { FILE_HEADER_BYTES } from "./record-frame.ts";
import { OPEN_MARKER, SegmentFile, segmentPath } from "./segment-file.ts";

/** What one write may hold, so that a burst does not make the first of it wait for megabytes. */
const MAX_GROUP_BYTES = 8 << 20;

/** A closed segment that holds entries. */
export interface ClosedSegment {
  readonly path: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
}

interface Waiting {
  readonly record: Buffer;
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupAppenderOptions {
  readonly fs: LogFileSystem;
  readonly root: string;
  readonly owner: string;
  readonly segmentBytes: number;
}

/**
 * The one writer of an owner's segments. Whatever waits while the last group is being synced forms the next group:
 * one write and one fdatasync for all of it, and no timer, so a lone request waits for its own sync only.
 *
 * When a write or sync fails, how much of it reached the disk is unknown, and after a failed sync the kernel may
 * report success for data it has dropped. So the group is rejected, its numbers are used again, and the file is cut
 * back to its last durable record and never written again: the next group goes to a new segment. Should the cut fail
 * too, readers still tell the leftovers apart, as they carry numbers that the next segment claims.
 *
 * An adopter first removes the owner's `open` marker and then reads. The appender looks for the marker after each
 * sync and before it acknowledges: if it is there, the records were on disk before the adopter began to read.
 */
export class GroupAppender {
  readonly #options: GroupAppenderOptions;
  #waiting: Waiting[] = [];
  #segment: SegmentFile | undefined;
  /** A segment that failed without a good record: its name is free again once the file is gone. */
  #isNameTaken = false;
  #closedSegments: ClosedSegment[] = [];
  #lastSequence = 0;
  #ownerClosed: Error | undefined;
  #wantsNewSegment = false;
  #running: Promise<void> | undefined;

  constructor(options: GroupAppenderOptions) {
    this.#options = options;
  }

  /** The last acknowledged entry; 0 before the first. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  get openBytes(): number {
    return this.#segment?.goodBytes ?? 0;
  }

  get closedSegments(): readonly ClosedSegment[] {
    return this.#closedSegments;
  }

  /** Resolves with the record's number when it is durable. The record belongs to the appender from now on. */
  append(record: Buffer): Promise<number> {
    if (this.#ownerClosed) return Promise.reject(this.#ownerClosed);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject });
      this.#start();
    });
  }

  /** Refuses everything from now on with `INGEST_OWNER_CLOSED`. */
  closeOwner(): void {
    this.#ownerClosed ??= errors.INGEST_OWNER_CLOSED({ owner: this.#options.owner });
  }

  /** False once another process has adopted the owner. */
  ownsFolder(): Promise<boolean> {
    const { fs, root, owner } = this.#options;
    return fs.exists(join(root, owner, OPEN_MARKER));
  }

  /** Closes the open segment once nothing waits, so that it can be deleted; the next entry begins another. */
  async rotate(): Promise<void> {
    this.#wantsNewSegment = true;
    this.#start();
    await this.#running;
  }

  forget(segment: ClosedSegment): void {
    this.#closedSegments = this.#closedSegments.filter((each) => each !== segment);
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Calls made in the same turn of the event loop share the first write.
    await Promise.resolve();
    while (this.#waiting.length > 0 || this.#wantsNewSegment) {
      const group = this.#takeGroup();
      if (group.length > 0) {
        await this.#write(group);
      } else {
        this.#wantsNewSegment = false;
        await this.#closeSegment();
      }
    }
    // In the same step as the check above, so that nobody sees a loop that will not look again.
    this.#running = undefined;
  }

  #takeGroup(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { record } of this.#waiting) {
      bytes += record.length;
      if (count > 0 && bytes > MAX_GROUP_BYTES) break;
      count++;
    }
    const group = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    return group;
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const first = this.#lastSequence + 1;
    try {
      await this.#writeRecords(
        group.map(({ record }) => record),
        first,
      );
    } catch (error) {
      const failure = await this.#failureOf(error, first);
      for (const { reject } of group) reject(failure);
      return;
    }
    this.#lastSequence += group.length;
    for (const [index, { resolve }] of group.entries()) resolve(first + index);
  }

  async #writeRecords(records: readonly Buffer[], firstSequence: number): Promise<void> {
    if (this.#ownerClosed) throw this.#ownerClosed;
    const bytes = records.reduce((sum, record) => sum + record.length, 0);
    const filled = this.#segment?.goodBytes ?? 0;
    if (filled > FILE_HEADER_BYTES && filled + bytes > this.#options.segmentBytes) {
      await this.#closeSegment();
    }
    this.#segment ??= await this.#newSegment(firstSequence);
    try {
      const written = await this.#segment.append(records, firstSequence);
      if (!(await this.ownsFolder())) this.closeOwner();
      if (this.#ownerClosed) throw this.#ownerClosed;
      this.#segment.accept(written);
    } catch (error) {
      await this.#abandonSegment(this.#segment);
      throw error;
    }
  }

  async #newSegment(firstSequence: number): Promise<SegmentFile> {
    const { fs, root, owner } = this.#options;
    if (this.#isNameTaken) await fs.remove(segmentPath(root, owner, firstSequence));
    // Creating a file and failing to remove it again would leave the name taken too.
    this.#isNameTaken = true;
    const segment = await SegmentFile.create(fs, root, owner, firstSequence);
    this.#isNameTaken = false;
    return segment;
  }

  async #abandonSegment(segment: SegmentFile): Promise<void> {
    this.#segment = undefined;
    // Whether the disk still obeys does not matter: see the class comment. An adopted file is left alone.
    if (!this.#ownerClosed) await segment.cutBack().catch(() => undefined);
    await segment.close().catch(() => undefined);
    this.#isNameTaken = !this.#keepClosed(segment);
  }

  async #closeSegment(): Promise<void> {
    const segment = this.#segment;
    if (!segment) return;
    this.#segment = undefined;
    this.#isNameTaken = !this.#keepClosed(segment);
    // Its content is durable already, so a failing close loses nothing.
    await segment.close().catch(() => undefined);
  }

  /** Whether the segment holds entries, and so has to stay. */
  #keepClosed({ path, firstSequence }: SegmentFile): boolean {
    if (this.#lastSequence < firstSequence) return false;
    this.#closedSegments.push({ path, firstSequence, lastSequence: this.#lastSequence });
    return true;
  }

  /** False when it cannot be told. */
  async #isFolderGone(): Promise<boolean> {
    try {
      return !(await this.ownsFolder());
    } catch {
      return false; // the error that led here is reported
    }
  }

  async #failureOf(error: unknown, firstSequence: number): Promise<unknown> {
    const { root, owner } = this.#options;
    // The adopter may have released everything and deleted the folder under us.
    if (fileErrorCode(error) === "ENOENT" && (await this.#isFolderGone())) this.closeOwner();
    if (this.#ownerClosed) return this.#ownerClosed;
    if (isScouterError(error)) return error;
    const path = segmentPath(root, owner, firstSequence);
    const reason = error instanceof Error ? error.message : String(error);
    return errors.INGEST_WRITE_FAILED({ path, reason }, { cause: error });
  }
}
