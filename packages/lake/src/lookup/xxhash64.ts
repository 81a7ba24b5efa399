const WORD = 0xffff_ffff_ffff_ffffn;
const PRIME_1 = 0x9e37_79b1_85eb_ca87n;
const PRIME_2 = 0xc2b2_ae3d_27d4_eb4fn;
const PRIME_3 = 0x1656_67b1_9e37_79f9n;
const PRIME_4 = 0x85eb_ca77_c2b2_ae63n;
const PRIME_5 = 0x27d4_eb2f_1656_67c5n;
const STRIPE_BYTES = 32;

/**
 * XXH64 with seed 0, the hash of Parquet's bloom filters: 0 to 2^64 - 1. For single keys: some ten microseconds each.
 *
 * Source: the algorithm's description, https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md, section XXH64.
 */
export function xxhash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { byteLength } = bytes;
  let at = 0;
  let hash = PRIME_5;
  if (byteLength >= STRIPE_BYTES) {
    const lanes = [(PRIME_1 + PRIME_2) & WORD, PRIME_2, 0n, -PRIME_1 & WORD];
    for (; at + STRIPE_BYTES <= byteLength; at += STRIPE_BYTES) {
      for (let lane = 0; lane < 4; lane += 1) {
        lanes[lane] = round(lanes[lane] ?? 0n, view.getBigUint64(at + lane * 8, true));
      }
    }
    const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
    hash = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & WORD;
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * PRIME_1 + PRIME_4) & WORD;
  }
  hash = (hash + BigInt(byteLength)) & WORD;
  for (; at + 8 <= byteLength; at += 8) {
    hash ^= round(0n, view.getBigUint64(at, true));
    hash = (rotate(hash, 27n) * PRIME_1 + PRIME_4) & WORD;
  }
  if (at + 4 <= byteLength) {
    hash ^= (BigInt(view.getUint32(at, true)) * PRIME_1) & WORD;
    hash = (rotate(hash, 23n) * PRIME_2 + PRIME_3) & WORD;
    at += 4;
  }
  for (; at < byteLength; at += 1) {
    hash ^= (BigInt(view.getUint8(at)) * PRIME_5) & WORD;
    hash = (rotate(hash, 11n) * PRIME_1) & WORD;
  }
  hash = ((hash ^ (hash >> 33n)) * PRIME_2) & WORD;
  hash = ((hash ^ (hash >> 29n)) * PRIME_3) & WORD;
  return hash ^ (hash >> 32n);
}

function round(accumulator: bigint, lane: bigint): bigint {
  return (rotate((accumulator + lane * PRIME_2) & WORD, 31n) * PRIME_1) & WORD;
}

function rotate(word: bigint, bits: bigint): bigint {
  return ((word << bits) | (word >> (64n - bits))) & WORD;
}
