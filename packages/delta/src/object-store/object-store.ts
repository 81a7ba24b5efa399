/**
 * Where a table's files live: the smallest store on which a Delta log is safe.
 *
 * Contract, the same for every adapter (suite: `@scouter/testkit` `objectStoreContract`):
 * - Keys are relative, `/`-separated, without empty, `.` or `..` segments; any other key is `OBJECT_KEY_INVALID`.
 * - `put` replaces; when it resolves the object is durable (as far as `capabilities.durability` says) and visible to
 *   every later call in any process. A reader sees the whole old or the whole new object, never a part.
 * - `putIfAbsent` resolves `true` for exactly one of any number of racing writers and `false` for the others. When it
 *   rejects, the object may nevertheless have been stored: the caller must read back before it retries.
 * - `get`, `getRange` and `head` of a missing key resolve `undefined`; they never reject for that reason.
 * - `getRange` clamps `end` (exclusive) to the object's size; a start at or past the end gives zero bytes.
 * - `list` yields keys below `prefix` in byte order, after `startAfter` (exclusive), each once; objects written or
 *   deleted meanwhile may or may not appear. An unknown prefix yields nothing.
 * - `delete` of a missing key resolves. Returned bytes belong to the caller; given bytes are not kept or changed.
 * - Faults are `ScouterError`s whose kind says what to do: `timeout` and `unavailable` may be retried.
 */
export interface ObjectStore {
  readonly capabilities: ObjectStoreCapabilities;
  put(key: string, bytes: Uint8Array, options?: CallOptions): Promise<void>;
  putIfAbsent(key: string, bytes: Uint8Array, options?: CallOptions): Promise<boolean>;
  get(key: string, options?: CallOptions): Promise<Uint8Array | undefined>;
  getRange(
    key: string,
    start: number,
    end: number,
    options?: CallOptions,
  ): Promise<Uint8Array | undefined>;
  head(key: string, options?: CallOptions): Promise<ObjectHead | undefined>;
  list(prefix: string, options?: ListOptions): AsyncIterable<ObjectHead>;
  delete(key: string, options?: CallOptions): Promise<void>;
  /**
   * Stores the local file `path` under `key` like `put`; the adapter may move or copy it. The file may be gone
   * afterwards, whatever the outcome.
   */
  putFile(key: string, path: string, options?: CallOptions): Promise<void>;
}

/** What an adapter can do beyond the contract. The zero value is the least capable. */
export interface ObjectStoreCapabilities {
  /** What a resolved write survives: nothing, the end of the process, or a power cut. */
  readonly durability: "none" | "process" | "power";
  /** Absolute folder in which `key` can be opened as a local file, when there is one. */
  readonly localRoot?: string;
}

export interface ObjectHead {
  readonly key: string;
  readonly sizeBytes: number;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly modifiedAt: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface ListOptions extends CallOptions {
  readonly startAfter?: string;
}
