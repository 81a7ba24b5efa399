import { type Clock, isScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type {
  CallOptions,
  ListOptions,
  ObjectHead,
  ObjectStore,
  ObjectStoreCapabilities,
} from "./object-store.ts";

export interface RetryOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Of one call; default 6. */
  readonly maxAttempts?: number;
  /** An attempt that takes longer is given up; default 30 s. */
  readonly attemptTimeoutMs?: number;
  /** The same for `putFile`, which may move gigabytes; default 10 min. */
  readonly fileAttemptTimeoutMs?: number;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Repeats calls that failed with an error that may pass, after a jittered pause, and gives each attempt a limit of
 * time. `putIfAbsent` is tried once: after a lost reply a repeat would meet its own object and answer `false`, which
 * only the caller can tell from another writer's. `putFile` is repeated only on stores that copy the file.
 */
export class RetryingObjectStore implements ObjectStore {
  readonly capabilities: ObjectStoreCapabilities;
  readonly #inner: ObjectStore;
  readonly #options: Required<RetryOptions>;

  constructor(inner: ObjectStore, options: RetryOptions) {
    this.#inner = inner;
    this.#options = {
      maxAttempts: 6,
      attemptTimeoutMs: 30_000,
      fileAttemptTimeoutMs: 600_000,
      ...options,
    };
    this.capabilities = inner.capabilities;
  }

  put(key: string, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#retry("put", key, options, (each) => this.#inner.put(key, bytes, each));
  }

  putIfAbsent(key: string, bytes: Uint8Array, options?: CallOptions): Promise<boolean> {
    return this.#limited("putIfAbsent", key, options, (each) =>
      this.#inner.putIfAbsent(key, bytes, each),
    );
  }

  get(key: string, options?: CallOptions): Promise<Uint8Array | undefined> {
    return this.#retry("get", key, options, (each) => this.#inner.get(key, each));
  }

  getRange(
    key: string,
    start: number,
    end: number,
    options?: CallOptions,
  ): Promise<Uint8Array | undefined> {
    return this.#retry("getRange", key, options, (each) =>
      this.#inner.getRange(key, start, end, each),
    );
  }

  head(key: string, options?: CallOptions): Promise<ObjectHead | undefined> {
    return this.#retry("head", key, options, (each) => this.#inner.head(key, each));
  }

  /** Goes on after the last object that came. */
  async *list(prefix: string, options: ListOptions = {}): AsyncIterable<ObjectHead> {
    let startAfter = options.startAfter;
    for (let failures = 0; ;) {
      try {
        const rest = { ...options, ...(startAfter !== undefined && { startAfter }) };
        for await (const head of this.#inner.list(prefix, rest)) {
          failures = 0;
          startAfter = head.key;
          yield head;
        }
        return;
      } catch (error) {
        if (!this.#mayTryAgain(error, ++failures)) throw error;
        await this.#pause(failures, options.signal);
      }
    }
  }

  delete(key: string, options?: CallOptions): Promise<void> {
    return this.#retry("delete", key, options, (each) => this.#inner.delete(key, each));
  }

  putFile(key: string, path: string, options?: CallOptions): Promise<void> {
    const limitMs = this.#options.fileAttemptTimeoutMs;
    const call = (each: CallOptions) => this.#inner.putFile(key, path, each);
    return this.capabilities.localRoot === undefined
      ? this.#retry("putFile", key, options, call, limitMs)
      : this.#limited("putFile", key, options, call, limitMs);
  }

  async #retry<T>(
    operation: string,
    key: string,
    options: CallOptions | undefined,
    call: (options: CallOptions) => Promise<T>,
    limitMs?: number,
  ): Promise<T> {
    for (let failures = 0; ;) {
      try {
        return await this.#limited(operation, key, options, call, limitMs);
      } catch (error) {
        if (!this.#mayTryAgain(error, ++failures)) throw error;
        await this.#pause(failures, options?.signal);
      }
    }
  }

  #mayTryAgain(error: unknown, failures: number): boolean {
    return failures < this.#options.maxAttempts && isScouterError(error) && error.retryable;
  }

  async #limited<T>(
    operation: string,
    key: string,
    options: CallOptions | undefined,
    call: (options: CallOptions) => Promise<T>,
    limitMs = this.#options.attemptTimeoutMs,
  ): Promise<T> {
    options?.signal?.throwIfAborted();
    const late = new AbortController();
    const ended = new AbortController();
    const watch = this.#options.clock.sleep(limitMs, ended.signal).then(
      () => late.abort(errors.OBJECT_STORE_TIMEOUT({ operation, key, limitMs })),
      () => undefined, // the call ended in time
    );
    const signals = options?.signal ? [options.signal, late.signal] : [late.signal];
    try {
      return await call({ signal: AbortSignal.any(signals) });
    } finally {
      ended.abort();
      await watch;
    }
  }

  async #pause(failures: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock, random } = this.#options;
    const ceilingMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
    await clock.sleep(random() * ceilingMs, signal);
  }
}
