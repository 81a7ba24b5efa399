import type {
  CallOptions,
  ListOptions,
  ObjectHead,
  ObjectStore,
  ObjectStoreCapabilities,
} from "./object-store.ts";

export interface ObjectCallCounts {
  readonly put: number;
  readonly putIfAbsent: number;
  readonly putFile: number;
  readonly get: number;
  readonly getRange: number;
  readonly head: number;
  readonly list: number;
  readonly delete: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

const NO_CALLS: ObjectCallCounts = {
  put: 0,
  putIfAbsent: 0,
  putFile: 0,
  get: 0,
  getRange: 0,
  head: 0,
  list: 0,
  delete: 0,
  bytesRead: 0,
  bytesWritten: 0,
};

/** Counts the calls of another store, whether they succeed or not. Bytes of `putFile` are not counted. */
export class CountingObjectStore implements ObjectStore {
  readonly capabilities: ObjectStoreCapabilities;
  readonly #inner: ObjectStore;
  readonly #counts: { -readonly [Name in keyof ObjectCallCounts]: number } = { ...NO_CALLS };

  constructor(inner: ObjectStore) {
    this.#inner = inner;
    this.capabilities = inner.capabilities;
  }

  counts(): ObjectCallCounts {
    return { ...this.#counts };
  }

  reset(): void {
    Object.assign(this.#counts, NO_CALLS);
  }

  put(key: string, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    this.#counts.put++;
    this.#counts.bytesWritten += bytes.length;
    return this.#inner.put(key, bytes, options);
  }

  putIfAbsent(key: string, bytes: Uint8Array, options?: CallOptions): Promise<boolean> {
    this.#counts.putIfAbsent++;
    this.#counts.bytesWritten += bytes.length;
    return this.#inner.putIfAbsent(key, bytes, options);
  }

  async get(key: string, options?: CallOptions): Promise<Uint8Array | undefined> {
    this.#counts.get++;
    return this.#read(await this.#inner.get(key, options));
  }

  async getRange(
    key: string,
    start: number,
    end: number,
    options?: CallOptions,
  ): Promise<Uint8Array | undefined> {
    this.#counts.getRange++;
    return this.#read(await this.#inner.getRange(key, start, end, options));
  }

  head(key: string, options?: CallOptions): Promise<ObjectHead | undefined> {
    this.#counts.head++;
    return this.#inner.head(key, options);
  }

  list(prefix: string, options?: ListOptions): AsyncIterable<ObjectHead> {
    this.#counts.list++;
    return this.#inner.list(prefix, options);
  }

  delete(key: string, options?: CallOptions): Promise<void> {
    this.#counts.delete++;
    return this.#inner.delete(key, options);
  }

  putFile(key: string, path: string, options?: CallOptions): Promise<void> {
    this.#counts.putFile++;
    return this.#inner.putFile(key, path, options);
  }

  #read(bytes: Uint8Array | undefined): Uint8Array | undefined {
    this.#counts.bytesRead += bytes?.length ?? 0;
    return bytes;
  }
}
