import { xxhash64 } from "./xxhash64.ts";

/** 32-bit words of a block: a key sets one bit in each. */
const WORDS = 8;
/** One for each word of a block. Source: Parquet's specification, BloomFilter.md, "split block bloom filter". */
const SALTS = Int32Array.of(
  0x47b6137b,
  0x44974d91,
  0x8824ad5b,
  0xa2b7289d,
  0x705495c7,
  0x2df1424b,
  0x9efc4947,
  0x5c6bfb31,
);

/** What is looked for in filters, hashed once. */
export interface BloomKey {
  /** Upper half of the hash: chooses the block. */
  readonly high: number;
  /** The bit of each word. */
  readonly masks: Int32Array;
}

export function bloomKeyOf(text: string): BloomKey {
  const hash = xxhash64(new TextEncoder().encode(text));
  const low = Number(hash & 0xffff_ffffn);
  const masks = SALTS.map((salt) => 1 << (Math.imul(low, salt) >>> 27));
  return { high: Number(hash >> 32n), masks };
}

/** A filter as Parquet stores it: whole blocks of eight 32-bit words. */
export type BloomFilter = Int32Array;

/** False only when no value of the filter is this one. */
export function mayHold(filter: BloomFilter, { high, masks }: BloomKey): boolean {
  const blocks = filter.length / WORDS;
  // Below 2^53 for filters of up to 64 MB.
  const block = Math.floor((high * blocks) / 2 ** 32) * WORDS;
  for (let word = 0; word < WORDS; word += 1) {
    const mask = masks[word] ?? 0;
    if (((filter[block + word] ?? 0) & mask) === 0) return false;
  }
  return true;
}

/**
 * The filter in a file's bytes of it, which begin with a header. Undefined for one that is not of the one kind there is:
 * split blocks of XXH64, not compressed.
 *
 * Source: Parquet's `BloomFilterHeader`, in Thrift's compact protocol: the number of bytes, then three unions of which each
 * holds its first member, an empty structure.
 */
export function parseBloomFilter(bytes: Uint8Array): BloomFilter | undefined {
  if (bytes[0] !== 0x15) return undefined; // field 1, 32-bit integer
  let at = 1;
  let zigzag = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++] ?? 0;
    zigzag += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (zigzag % 2 !== 0) return undefined;
  const byteLength = zigzag / 2;
  const header = [UNION, UNION, UNION, END].flat();
  if (header.some((byte, index) => bytes[at + index] !== byte)) return undefined;
  at += header.length;
  const isWhole = byteLength > 0 && byteLength % (WORDS * 4) === 0;
  if (!isWhole || bytes.byteLength !== at + byteLength) return undefined;
  // The words are little-endian, as every machine that the engine runs on.
  return new Int32Array(Uint8Array.from(bytes.subarray(at)).buffer);
}

/** The next field, a structure; in it field 1, a structure; empty; end of the union. */
const UNION = [0x1c, 0x1c, 0x00, 0x00] as const;
const END = [0x00] as const;
