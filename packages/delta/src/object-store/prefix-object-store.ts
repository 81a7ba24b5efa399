import { checkObjectKey } from "./object-key.ts";
import type {
  CallOptions,
  ListOptions,
  ObjectHead,
  ObjectStore,
  ObjectStoreCapabilities,
} from "./object-store.ts";

/** The objects of another store below a folder, with the folder left out of their keys. */
export class PrefixObjectStore implements ObjectStore {
  readonly capabilities: ObjectStoreCapabilities;
  readonly #inner: ObjectStore;
  readonly #prefix: string;

  /** `folder` is a key without a slash at the end. */
  constructor(inner: ObjectStore, folder: string) {
    checkObjectKey(folder);
    this.#inner = inner;
    this.#prefix = `${folder}/`;
    const { localRoot, durability } = inner.capabilities;
    this.capabilities =
      localRoot === undefined
        ? { durability }
        : { durability, localRoot: `${localRoot}/${folder}` };
  }

  put(key: string, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#with(key, (full) => this.#inner.put(full, bytes, options));
  }

  putIfAbsent(key: string, bytes: Uint8Array, options?: CallOptions): Promise<boolean> {
    return this.#with(key, (full) => this.#inner.putIfAbsent(full, bytes, options));
  }

  get(key: string, options?: CallOptions): Promise<Uint8Array | undefined> {
    return this.#with(key, (full) => this.#inner.get(full, options));
  }

  getRange(
    key: string,
    start: number,
    end: number,
    options?: CallOptions,
  ): Promise<Uint8Array | undefined> {
    return this.#with(key, (full) => this.#inner.getRange(full, start, end, options));
  }

  head(key: string, options?: CallOptions): Promise<ObjectHead | undefined> {
    return this.#with(key, async (full) => {
      const found = await this.#inner.head(full, options);
      return found && { ...found, key };
    });
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncIterable<ObjectHead> {
    const { startAfter, ...rest } = options;
    const inner = {
      ...rest,
      ...(startAfter !== undefined && { startAfter: `${this.#prefix}${startAfter}` }),
    };
    for await (const head of this.#inner.list(`${this.#prefix}${prefix}`, inner)) {
      yield { ...head, key: head.key.slice(this.#prefix.length) };
    }
  }

  delete(key: string, options?: CallOptions): Promise<void> {
    return this.#with(key, (full) => this.#inner.delete(full, options));
  }

  putFile(key: string, path: string, options?: CallOptions): Promise<void> {
    return this.#with(key, (full) => this.#inner.putFile(full, path, options));
  }

  /** The key is checked by itself first: with the folder before it `../x` would be told as another key. */
  async #with<T>(key: string, call: (full: string) => Promise<T>): Promise<T> {
    checkObjectKey(key);
    return call(`${this.#prefix}${key}`);
  }
}
