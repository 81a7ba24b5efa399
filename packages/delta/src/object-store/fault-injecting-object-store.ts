import { errors } from "../errors.ts";
import type {
  CallOptions,
  ListOptions,
  ObjectHead,
  ObjectStore,
  ObjectStoreCapabilities,
} from "./object-store.ts";

export type ObjectOperation = Exclude<keyof ObjectStore, "capabilities">;

export interface ObjectCall {
  readonly operation: ObjectOperation;
  /** The key, or a listing's prefix. */
  readonly key: string;
  /** Counts the calls of this operation on this key, from 1. */
  readonly attempt: number;
}

/**
 * - `fail`: the call rejects and nothing happens.
 * - `lose-reply`: the call does its work, then rejects.
 * - `deny`: the work is done, and a `putIfAbsent` answers `false` all the same, as a client does that repeats the
 *   request by itself after a lost reply. Other operations: like no fault.
 */
export type Fault = "fail" | "lose-reply" | "deny";

/** Decides the fault of each call; may wait, which delays the call. */
export type FaultPlan = (call: ObjectCall) => Fault | undefined | Promise<Fault | undefined>;

/** A store whose calls fail by a plan, with `OBJECT_STORE_UNAVAILABLE`. For tests. */
export class FaultInjectingObjectStore implements ObjectStore {
  readonly capabilities: ObjectStoreCapabilities;
  readonly #inner: ObjectStore;
  readonly #plan: FaultPlan;
  readonly #attempts = new Map<string, number>();

  constructor(inner: ObjectStore, plan: FaultPlan) {
    this.#inner = inner;
    this.#plan = plan;
    this.capabilities = inner.capabilities;
  }

  put(key: string, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#call("put", key, () => this.#inner.put(key, bytes, options));
  }

  putIfAbsent(key: string, bytes: Uint8Array, options?: CallOptions): Promise<boolean> {
    return this.#call(
      "putIfAbsent",
      key,
      () => this.#inner.putIfAbsent(key, bytes, options),
      () => false,
    );
  }

  get(key: string, options?: CallOptions): Promise<Uint8Array | undefined> {
    return this.#call("get", key, () => this.#inner.get(key, options));
  }

  getRange(
    key: string,
    start: number,
    end: number,
    options?: CallOptions,
  ): Promise<Uint8Array | undefined> {
    return this.#call("getRange", key, () => this.#inner.getRange(key, start, end, options));
  }

  head(key: string, options?: CallOptions): Promise<ObjectHead | undefined> {
    return this.#call("head", key, () => this.#inner.head(key, options));
  }

  /** `lose-reply` ends the listing half way: after the first object. */
  async *list(prefix: string, options?: ListOptions): AsyncIterable<ObjectHead> {
    const fault = await this.#faultOf("list", prefix);
    if (fault === "fail") throw injected("list", prefix);
    for await (const head of this.#inner.list(prefix, options)) {
      yield head;
      if (fault === "lose-reply") throw injected("list", prefix);
    }
  }

  delete(key: string, options?: CallOptions): Promise<void> {
    return this.#call("delete", key, () => this.#inner.delete(key, options));
  }

  putFile(key: string, path: string, options?: CallOptions): Promise<void> {
    return this.#call("putFile", key, () => this.#inner.putFile(key, path, options));
  }

  async #call<T>(
    operation: ObjectOperation,
    key: string,
    call: () => Promise<T>,
    denied: (reply: T) => T = (reply) => reply,
  ): Promise<T> {
    const fault = await this.#faultOf(operation, key);
    if (fault === "fail") throw injected(operation, key);
    const reply = await call();
    if (fault === "lose-reply") throw injected(operation, key);
    return fault === "deny" ? denied(reply) : reply;
  }

  async #faultOf(operation: ObjectOperation, key: string): Promise<Fault | undefined> {
    const counter = `${operation} ${key}`;
    const attempt = (this.#attempts.get(counter) ?? 0) + 1;
    this.#attempts.set(counter, attempt);
    return this.#plan({ operation, key, attempt });
  }
}

function injected(operation: string, key: string): Error {
  return errors.OBJECT_STORE_UNAVAILABLE({ operation, key, reason: "injected fault" });
}
