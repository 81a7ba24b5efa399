import { readFile } from "node:fs/promises";
import { type Clock, systemClock } from "@scouter/contracts";
import { checkObjectKey, clampRange, compareKeys } from "./object-key.ts";
import type {
  CallOptions,
  ListOptions,
  ObjectHead,
  ObjectStore,
  ObjectStoreCapabilities,
} from "./object-store.ts";

interface StoredObject {
  readonly bytes: Uint8Array;
  readonly modifiedAt: number;
}

/** Objects in this process's memory: for tests and for tables that need not last. */
export class MemoryObjectStore implements ObjectStore {
  readonly capabilities: ObjectStoreCapabilities = { durability: "none" };
  readonly #objects = new Map<string, StoredObject>();
  readonly #clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  async put(key: string, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    check(key, options);
    this.#store(key, bytes);
  }

  async putIfAbsent(key: string, bytes: Uint8Array, options?: CallOptions): Promise<boolean> {
    check(key, options);
    if (this.#objects.has(key)) return false;
    this.#store(key, bytes);
    return true;
  }

  async get(key: string, options?: CallOptions): Promise<Uint8Array | undefined> {
    check(key, options);
    return this.#objects.get(key)?.bytes.slice();
  }

  async getRange(
    key: string,
    start: number,
    end: number,
    options?: CallOptions,
  ): Promise<Uint8Array | undefined> {
    check(key, options);
    const stored = this.#objects.get(key);
    const range = clampRange(key, start, end, stored?.bytes.length ?? 0);
    return stored?.bytes.slice(range.start, range.start + range.length);
  }

  async head(key: string, options?: CallOptions): Promise<ObjectHead | undefined> {
    check(key, options);
    const stored = this.#objects.get(key);
    return stored && headOf(key, stored);
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncIterable<ObjectHead> {
    const startAfter = options.startAfter;
    const keys = [...this.#objects.keys()].filter(
      (key) =>
        key.startsWith(prefix) && (startAfter === undefined || compareKeys(key, startAfter) > 0),
    );
    for (const key of keys.sort(compareKeys)) {
      options.signal?.throwIfAborted();
      const stored = this.#objects.get(key);
      if (stored) yield headOf(key, stored);
    }
  }

  async delete(key: string, options?: CallOptions): Promise<void> {
    check(key, options);
    this.#objects.delete(key);
  }

  async putFile(key: string, path: string, options?: CallOptions): Promise<void> {
    check(key, options);
    this.#store(key, await readFile(path));
  }

  #store(key: string, bytes: Uint8Array): void {
    this.#objects.set(key, { bytes: Uint8Array.from(bytes), modifiedAt: this.#clock.now() });
  }
}

function check(key: string, options: CallOptions | undefined): void {
  options?.signal?.throwIfAborted();
  checkObjectKey(key);
}

function headOf(key: string, stored: StoredObject): ObjectHead {
  return { key, sizeBytes: stored.bytes.length, modifiedAt: stored.modifiedAt };
}
