import { randomFillSync } from "node:crypto";

export interface Uuidv7Source {
  /** Milliseconds since the Unix epoch; may jump back. */
  readonly nowMs: () => number;
  /** Fills the given bytes with randomness. */
  readonly fillRandom: (bytes: Uint8Array) => void;
}

const RANDOM_POOL_BYTES = 1024;
const BYTES_PER_UUID = 10;
const COUNTER_LIMIT = 0x1000;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * Makes a generator of UUIDs of version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, then a 12-bit counter
 * (section 6.2, method 1), then 62 random bits. Texts of one generator strictly ascend, also when the clock stands
 * still or jumps back: the last time is kept and the counter goes on; a full counter borrows the next millisecond.
 *
 * The counter starts at a random value below half its range, so that two generators of one millisecond rarely meet.
 */
export function uuidv7Generator(source: Uuidv7Source): () => string {
  const pool = new Uint8Array(RANDOM_POOL_BYTES);
  let poolUsed = pool.length;
  let lastMs = -1;
  let counter = 0;

  return () => {
    if (poolUsed + BYTES_PER_UUID > pool.length) {
      source.fillRandom(pool);
      poolUsed = 0;
    }
    const random = (index: number) => pool[poolUsed + index] ?? 0;
    const nowMs = source.nowMs();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      counter = ((random(8) & 0x07) << 8) | random(9);
    } else if (++counter === COUNTER_LIMIT) {
      lastMs += 1;
      counter = 0;
    }
    const text = uuidText(lastMs, counter, random);
    poolUsed += BYTES_PER_UUID;
    return text;
  };
}

function uuidText(timeMs: number, counter: number, random: (index: number) => number): string {
  const time = timeMs.toString(16).padStart(12, "0");
  const version = (0x7000 | counter).toString(16);
  const variant = hex(0x80 | (random(0) & 0x3f)) + hex(random(1));
  const node =
    hex(random(2)) +
    hex(random(3)) +
    hex(random(4)) +
    hex(random(5)) +
    hex(random(6)) +
    hex(random(7));
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${node}`;
}

function hex(byte: number): string {
  return HEX[byte] ?? "00";
}

/** A new UUIDv7 from the system's clock and randomness; ascending within the process. */
export const uuidv7: () => string = uuidv7Generator({
  nowMs: () => Date.now(),
  fillRandom: (bytes) => void randomFillSync(bytes),
});
