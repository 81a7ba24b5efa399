import type { StoredDigest } from "./entry-record.ts";
import type { RejectedSpan } from "./ingest-log.ts";

const NONE: readonly RejectedSpan[] = [];

/** Where the first entry with a digest lies. */
export interface FoundDigest {
  readonly owner: string;
  readonly sequence: number;
  readonly rejected: readonly RejectedSpan[];
}

/**
 * Digests of the last `ttlMs`, about 100 bytes each (at 300 requests a second for 15 minutes, 27 MB): the key as a
 * 20-character Latin-1 text, numbers in typed arrays used as a ring, oldest first. Not left to the order of a Map:
 * finding its first key walks over every key deleted before it. Lists of rejected spans are rare and apart.
 */
export class DigestTable {
  readonly #ttlMs: number;
  /** Slot numbers only grow; a slot lies at its number modulo the capacity. */
  readonly #slots = new Map<string, number>();
  readonly #rejected = new Map<number, readonly RejectedSpan[]>();
  readonly #owners: string[] = [];
  readonly #ownerIndexes = new Map<string, number>();
  #oldestSlot = 0;
  #nextSlot = 0;
  #ring = new Ring(1024);

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  get size(): number {
    return this.#slots.size;
  }

  find(digest: Uint8Array, now: number): FoundDigest | undefined {
    const slot = this.#slots.get(digestKey(digest));
    if (slot === undefined || now - this.#ring.appendedAt(slot) >= this.#ttlMs) return undefined;
    return {
      owner: this.#owners[this.#ring.owner(slot)] ?? "",
      sequence: this.#ring.sequence(slot),
      rejected: this.#rejected.get(slot) ?? NONE,
    };
  }

  /**
   * Replaces what is known of the digest, unless that is newer: a digest used again after its time must not fall back
   * to its first entry when old segments are read. Out of the order of `appendedAt`, digests may stay longer in memory.
   */
  add(stored: StoredDigest): void {
    const key = digestKey(stored.digest);
    const known = this.#slots.get(key);
    if (known !== undefined && this.#ring.appendedAt(known) > stored.appendedAt) return;
    if (known !== undefined) this.#clear(known);
    if (this.#nextSlot - this.#oldestSlot === this.#ring.capacity) {
      this.#ring = this.#ring.doubled(this.#oldestSlot, this.#nextSlot);
    }
    const slot = this.#nextSlot++;
    this.#ring.set(slot, key, stored, this.#ownerIndex(stored.owner));
    if (stored.rejected.length > 0) this.#rejected.set(slot, stored.rejected);
    this.#slots.set(key, slot);
  }

  /** Drops digests whose time is over. */
  expire(now: number): void {
    for (; this.#oldestSlot < this.#nextSlot; this.#oldestSlot++) {
      const slot = this.#oldestSlot;
      const key = this.#ring.key(slot);
      if (key !== undefined && now - this.#ring.appendedAt(slot) < this.#ttlMs) return;
      if (key !== undefined) this.#slots.delete(key);
      this.#clear(slot);
    }
  }

  #clear(slot: number): void {
    this.#ring.clear(slot);
    this.#rejected.delete(slot);
  }

  #ownerIndex(owner: string): number {
    const known = this.#ownerIndexes.get(owner);
    if (known !== undefined) return known;
    this.#ownerIndexes.set(owner, this.#owners.length);
    return this.#owners.push(owner) - 1;
  }
}

class Ring {
  readonly capacity: number;
  readonly #keys: (string | undefined)[];
  readonly #sequences: Float64Array;
  readonly #appendedAts: Float64Array;
  readonly #owners: Uint32Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#keys = Array.from({ length: capacity });
    this.#sequences = new Float64Array(capacity);
    this.#appendedAts = new Float64Array(capacity);
    this.#owners = new Uint32Array(capacity);
  }

  key(slot: number): string | undefined {
    return this.#keys[slot % this.capacity];
  }

  sequence(slot: number): number {
    return this.#sequences[slot % this.capacity] ?? 0;
  }

  appendedAt(slot: number): number {
    return this.#appendedAts[slot % this.capacity] ?? 0;
  }

  owner(slot: number): number {
    return this.#owners[slot % this.capacity] ?? 0;
  }

  set(
    slot: number,
    key: string | undefined,
    stored: Pick<StoredDigest, "sequence" | "appendedAt">,
    owner: number,
  ): void {
    const at = slot % this.capacity;
    this.#keys[at] = key;
    this.#sequences[at] = stored.sequence;
    this.#appendedAts[at] = stored.appendedAt;
    this.#owners[at] = owner;
  }

  clear(slot: number): void {
    this.#keys[slot % this.capacity] = undefined;
  }

  doubled(from: number, to: number): Ring {
    const ring = new Ring(this.capacity * 2);
    for (let slot = from; slot < to; slot++) {
      const stored = { sequence: this.sequence(slot), appendedAt: this.appendedAt(slot) };
      ring.set(slot, this.key(slot), stored, this.owner(slot));
    }
    return ring;
  }
}

/** Twenty bytes as twenty characters: half the memory of hexadecimal digits. */
export function digestKey(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString("latin1");
}
