import { decodeCommit } from "../action/action-json.ts";
import { errors } from "../errors.ts";
import type { CallOptions, ObjectStore } from "../object-store/object-store.ts";
import type { Commit } from "../snapshot/replay.ts";
import { type LogListing, LogListingBuilder } from "./log-listing.ts";

/** Commit files are fetched so many at a time: a remote store's latency is what replay waits for. */
const FETCH_BATCH = 16;

/** The `_delta_log` folder of one table. */
export class LogReader {
  readonly store: ObjectStore;
  readonly #table: string;
  readonly #prefix: string;

  /** `table` is the table's folder as a key prefix without a slash at the end; "" is the store's root. */
  constructor(store: ObjectStore, table: string) {
    this.store = store;
    this.#table = table;
    this.#prefix = `${table === "" ? "" : `${table}/`}_delta_log/`;
  }

  keyOf(version: number): string {
    return `${this.#prefix}${nameOf(version)}.json`;
  }

  checkpointKeyOf(version: number): string {
    return `${this.#prefix}${nameOf(version)}.checkpoint.parquet`;
  }

  get lastCheckpointKey(): string {
    return `${this.#prefix}_last_checkpoint`;
  }

  /** Undefined when the version does not exist. */
  async read(version: number, options?: CallOptions): Promise<Commit | undefined> {
    const key = this.keyOf(version);
    const bytes = await this.store.get(key, options);
    return bytes && { version, actions: decodeCommit(key, bytes) };
  }

  /**
   * Commits after `version`, in batches and in order, up to the first that does not exist. Versions are without gaps,
   * so asking for the next one by name tells what is new: a request for nothing where a listing would be the dearest
   * one a store has.
   */
  async *after(version: number): AsyncIterable<readonly Commit[]> {
    let first = version + 1;
    for (let count = 1; ; count = Math.min(2 * count, FETCH_BATCH)) {
      const read = await Promise.all(range(first, count).map((each) => this.read(each)));
      const end = read.indexOf(undefined);
      const found = read.slice(0, end < 0 ? count : end).filter((commit) => commit !== undefined);
      if (found.length > 0) yield found;
      if (end >= 0) return;
      first += count;
    }
  }

  /** The commits from one version to another, both included. Throws `DELTA_LOG_GAP` when one is missing. */
  async *between(from: number, to: number): AsyncIterable<readonly Commit[]> {
    for (let first = from; first <= to; first += FETCH_BATCH) {
      const versions = range(first, Math.min(FETCH_BATCH, to - first + 1));
      yield await Promise.all(versions.map((each) => this.readExisting(each)));
    }
  }

  async readExisting(version: number): Promise<Commit> {
    const commit = await this.read(version);
    if (!commit) throw errors.DELTA_LOG_GAP({ table: this.#table, version });
    return commit;
  }

  /**
   * What the folder holds of `from` and later versions. A listing made while others write may show a file and miss
   * the one before it: of commits it tells only the newest version for sure.
   */
  async listing(from = 0, options?: CallOptions): Promise<LogListing> {
    const builder = new LogListingBuilder();
    // "." sorts after the end of the name and before everything that follows it.
    const startAfter = `${this.#prefix}${nameOf(from)}`;
    for await (const { key, modifiedAt } of this.store.list(this.#prefix, {
      ...options,
      startAfter,
    })) {
      builder.add(key.slice(this.#prefix.length), key, modifiedAt);
    }
    return builder.build();
  }
}

/** File names of a version begin with it in 20 digits, so that they sort. */
function nameOf(version: number): string {
  return String(version).padStart(20, "0");
}

function range(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
