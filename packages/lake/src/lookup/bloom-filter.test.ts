import { describe, expect, it } from "vitest";
import { bloomKeyOf, mayHold, parseBloomFilter } from "./bloom-filter.ts";

/** Header of 32 bytes of bits: their number, algorithm, hash and compression. */
const UNION = [0x1c, 0x1c, 0, 0];
const HEADER = [0x15, 0x40, ...UNION, ...UNION, ...UNION, 0];
const stored = (bits: number, header: readonly number[] = HEADER) =>
  Uint8Array.from([...header, ...Array.from({ length: 32 }, () => bits)]);

describe("a stored bloom filter", () => {
  it("holds nothing without a bit, and may hold everything with all", () => {
    const key = bloomKeyOf("4bf92f3577b34da6a3ce929d0e0e4736");
    expect(mayHold(parseBloomFilter(stored(0)) as Int32Array, key)).toBe(false);
    expect(mayHold(parseBloomFilter(stored(0xff)) as Int32Array, key)).toBe(true);
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["another first field", stored(0, HEADER.with(0, 0x25))],
    ["another hash", stored(0, HEADER.with(6, 0x2c))],
    ["compressed bits", stored(0, HEADER.with(11, 0x2c))],
    ["fewer bytes than it says", stored(0).subarray(0, -1)],
    ["a length that is no number of blocks", stored(0, HEADER.with(1, 0x42))],
    ["a negative length", stored(0, HEADER.with(1, 0x41))],
  ])("that has %s is none that can be read", (_, bytes) => {
    expect(parseBloomFilter(bytes)).toBeUndefined();
  });
});
