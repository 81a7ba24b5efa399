/** Numbers in [0, 1), all multiples of 2^-32. */
export type RandomSource = () => number;

/**
 * Random numbers that a seed decides: the same seed gives the same numbers on every machine. Generator xoshiro128**
 * (Blackman and Vigna 2021, ACM TOMS 47:36), its state filled by SplitMix32 as its authors advise. Not for secrets.
 *
 * @param seed an integer; its low 32 bits count
 */
export function seededRandom(seed: number): RandomSource {
  return xoshiro(splitMix(seed, 4));
}

/** The generator on a state of four 32-bit integers that are not all 0. */
export function xoshiro(state: readonly number[]): RandomSource {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result / 2 ** 32;
  };
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function splitMix(seed: number, count: number): number[] {
  let state = seed | 0;
  return Array.from({ length: count }, () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  });
}
