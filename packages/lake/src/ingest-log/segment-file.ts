import { join } from "node:path";
import type { LogFile, LogFileSystem } from "./log-file-system.ts";
import { FILE_HEADER_BYTES, fileHeader, saltOf, sealFrame } from "./record-frame.ts";

/** The marker of an owner that may append. Adopting the owner takes it away. */
export const OPEN_MARKER = "open";

export function segmentPath(root: string, owner: string, firstSequence: number): string {
  return join(root, owner, `${String(firstSequence).padStart(20, "0")}.log`);
}

/** First sequence number of a segment by its file name; undefined for other files. */
export function firstSequenceOf(fileName: string): number | undefined {
  return /^\d{20}\.log$/.test(fileName) ? Number(fileName.slice(0, 20)) : undefined;
}

export function segmentSalt(owner: string, firstSequence: number): number {
  return saltOf(`${owner}/${firstSequence}`);
}

/** A segment being written. Its content up to `goodBytes` is durable; nothing after it was acknowledged. */
export class SegmentFile {
  readonly path: string;
  readonly firstSequence: number;
  readonly #file: LogFile;
  readonly #salt: number;
  #goodBytes: number;

  private constructor(path: string, firstSequence: number, file: LogFile, salt: number) {
    this.path = path;
    this.firstSequence = firstSequence;
    this.#file = file;
    this.#salt = salt;
    this.#goodBytes = FILE_HEADER_BYTES;
  }

  get goodBytes(): number {
    return this.#goodBytes;
  }

  /** Makes the file and its name durable. Rejects with EEXIST when there is one. */
  static async create(
    fs: LogFileSystem,
    root: string,
    owner: string,
    firstSequence: number,
  ): Promise<SegmentFile> {
    const path = segmentPath(root, owner, firstSequence);
    const file = await fs.open(path, "wx");
    const salt = segmentSalt(owner, firstSequence);
    const segment = new SegmentFile(path, firstSequence, file, salt);
    try {
      await writeAll(file, [fileHeader()], 0);
      await file.datasync();
      await fs.syncFolder(join(root, owner));
      return segment;
    } catch (error) {
      await segment.close();
      await fs.remove(path);
      throw error;
    }
  }

  /**
   * Numbers, writes and syncs records; resolves with their bytes. They count only after `accept`. When it rejects, the
   * file must not be appended to again.
   */
  async append(records: readonly Buffer[], firstSequence: number): Promise<number> {
    for (const [index, record] of records.entries()) {
      sealFrame(record, firstSequence + index, this.#salt);
    }
    const written = await writeAll(this.#file, records, this.#goodBytes);
    await this.#file.datasync();
    return written;
  }

  accept(bytes: number): void {
    this.#goodBytes += bytes;
  }

  /** Cuts off what was written but not accepted, as far as the disk still obeys. */
  async cutBack(): Promise<void> {
    await this.#file.truncate(this.#goodBytes);
    await this.#file.datasync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Writes everything, as writev may stop half way. Resolves with the bytes written. */
export async function writeAll(
  file: LogFile,
  buffers: readonly Uint8Array[],
  position: number,
): Promise<number> {
  let rest = buffers;
  let written = 0;
  while (rest.length > 0) {
    const count = await file.writev(rest, position + written);
    if (count === 0) throw new Error("the file system wrote nothing");
    written += count;
    rest = afterBytes(rest, count);
  }
  return written;
}

function afterBytes(buffers: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let skip = count;
  for (const [index, buffer] of buffers.entries()) {
    if (skip < buffer.length) return [buffer.subarray(skip), ...buffers.slice(index + 1)];
    skip -= buffer.length;
  }
  return [];
}
