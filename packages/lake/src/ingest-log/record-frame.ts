import { crc32 } from "node:zlib";
import type { LogFile } from "./log-file-system.ts";

/**
 * How records lie in a log file: after a 16-byte file header, each record is a 24-byte frame and a body.
 *
 * | frame | bytes |
 * | --- | --- |
 * | mark `RECL` | 4 |
 * | length of the body, u32 | 4 |
 * | crc32 of the body, u32 | 4 |
 * | sequence, u64 | 8 |
 * | crc32 of the 20 bytes above, begun with the file's salt, u32 | 4 |
 *
 * All numbers are little-endian. The frame has a checksum of its own so that the length can be trusted, and the next
 * record found, when a body is damaged. The salt differs per file and is not stored, so bytes inside a payload (which
 * a client chooses) or left over from another file cannot pass as a frame.
 */
export const FILE_HEADER_BYTES = 16;
export const FRAME_BYTES = 24;
const FRAME_MARK = Buffer.from("RECL");
const FILE_MARK = "SCOUTLOG";
const FORMAT_VERSION = 1;
/** Files are read in pieces of this size. */
const WINDOW_BYTES = 1 << 20;

/** `name` identifies the file among all others of the log. */
export function saltOf(name: string): number {
  return crc32(name);
}

export function fileHeader(): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  header.write(FILE_MARK, "latin1");
  header.writeUInt32LE(FORMAT_VERSION, 8);
  header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
  return header;
}

/** A record whose frame is not filled in yet: the number and the file are known only when it is written. */
export function newRecord(bodyBytes: number): { readonly record: Buffer; readonly body: Buffer } {
  const record = Buffer.allocUnsafeSlow(FRAME_BYTES + bodyBytes);
  FRAME_MARK.copy(record);
  record.writeUInt32LE(bodyBytes, 4);
  return { record, body: record.subarray(FRAME_BYTES) };
}

/** Call when the body is complete. */
export function sealBody(record: Buffer): void {
  record.writeUInt32LE(crc32(record.subarray(FRAME_BYTES)), 8);
}

export function sealFrame(record: Buffer, sequence: number, salt: number): void {
  record.writeBigUInt64LE(BigInt(sequence), 12);
  record.writeUInt32LE(crc32(record.subarray(0, 20), salt), 20);
}

export type ScannedRecord =
  | { readonly position: number; readonly sequence: number; readonly body: Buffer }
  | { readonly position: number; readonly damage: string };

/**
 * The records of a file in order. Damage is told in its place, and reading goes on at the next frame that checks out;
 * damage after which nothing follows may be the torn end of a write that was never acknowledged. Bodies are views of
 * a larger buffer that is not reused. Throws for a file of another format version.
 */
export async function* scanRecords(
  file: LogFile,
  salt: number,
): AsyncGenerator<ScannedRecord, void> {
  const window = new FileWindow(file, await file.size());
  await requireFormat(window);
  let position = FILE_HEADER_BYTES;
  while (position < window.size) {
    const frame = await window.at(position, FRAME_BYTES);
    const bodyBytes = frame && isFrame(frame, salt) ? frame.readUInt32LE(4) : undefined;
    if (!frame || bodyBytes === undefined) {
      yield { position, damage: "no valid frame" };
      position = await nextFrame(window, position + 1, salt);
      continue;
    }
    const body = await window.at(position + FRAME_BYTES, bodyBytes);
    if (!body) yield { position, damage: "the file ends within the record" };
    else if (crc32(body) !== frame.readUInt32LE(8)) {
      yield { position, damage: `checksum of entry ${frame.readBigUInt64LE(12)} differs` };
    } else yield { position, sequence: Number(frame.readBigUInt64LE(12)), body };
    position += FRAME_BYTES + bodyBytes;
  }
}

/** A header that is damaged itself is passed over: every record proves itself. */
async function requireFormat(window: FileWindow): Promise<void> {
  const header = await window.at(0, FILE_HEADER_BYTES);
  if (!header || crc32(header.subarray(0, 12)) !== header.readUInt32LE(12)) return;
  const version = header.readUInt32LE(8);
  if (version !== FORMAT_VERSION) throw new Error(`format version ${version} is not known`);
}

function isFrame(frame: Buffer, salt: number): boolean {
  return (
    frame.compare(FRAME_MARK, 0, FRAME_MARK.length, 0, FRAME_MARK.length) === 0 &&
    crc32(frame.subarray(0, 20), salt) === frame.readUInt32LE(20)
  );
}

/** Position of the next valid frame at or after `from`, or the file's size. */
async function nextFrame(window: FileWindow, from: number, salt: number): Promise<number> {
  for (let start = from; start < window.size;) {
    const piece = await window.upTo(start, WINDOW_BYTES);
    for (let at = piece.indexOf(FRAME_MARK); at >= 0; at = piece.indexOf(FRAME_MARK, at + 1)) {
      const frame = await window.at(start + at, FRAME_BYTES);
      if (frame && isFrame(frame, salt)) return start + at;
    }
    // Pieces overlap, lest a mark be cut in two.
    start += Math.max(1, piece.length - FRAME_MARK.length + 1);
  }
  return window.size;
}

/** Random access to a file through one piece at a time. */
class FileWindow {
  readonly size: number;
  readonly #file: LogFile;
  #start = 0;
  #bytes = Buffer.alloc(0);

  constructor(file: LogFile, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** Undefined when the file ends before. */
  async at(position: number, length: number): Promise<Buffer | undefined> {
    if (position + length > this.size) return undefined;
    const bytes = await this.upTo(position, length);
    return bytes.length < length ? undefined : bytes.subarray(0, length);
  }

  /** At least `length` bytes from `position` unless the file ends before. */
  async upTo(position: number, length: number): Promise<Buffer> {
    const end = Math.min(position + length, this.size);
    if (position < this.#start || end > this.#start + this.#bytes.length) {
      const wanted = Math.min(Math.max(WINDOW_BYTES, length), this.size - position);
      const fresh = Buffer.allocUnsafeSlow(wanted);
      this.#bytes = fresh.subarray(0, await this.#file.read(fresh, position));
      this.#start = position;
    }
    return this.#bytes.subarray(position - this.#start);
  }
}
