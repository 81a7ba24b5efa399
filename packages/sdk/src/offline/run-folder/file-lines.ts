import type { FileHandle } from "node:fs/promises";

export interface FileLine {
  /** Bytes from the file's beginning. */
  readonly offset: number;
  readonly bytes: Buffer;
}

const CHUNK_BYTES = 1 << 16;
const NEWLINE = 0x0a;

/** Whole lines of a file from its beginning, without their newline; what follows the last newline is left out. */
export async function* fileLines(file: FileHandle): AsyncGenerator<FileLine> {
  let rest = Buffer.alloc(0);
  let offset = 0;
  for (;;) {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, offset + rest.length);
    if (bytesRead === 0) return;
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      yield { offset, bytes: rest.subarray(0, end) };
      offset += end + 1;
      rest = rest.subarray(end + 1);
    }
  }
}
