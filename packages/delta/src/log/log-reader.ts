import { decodeCommit } from "../action/action-json.ts";
import { errors } from "../errors.ts";
import type { CallOptions, ObjectStore } from "../object-store/object-store.ts";
import type { Commit } from "../snapshot/replay.ts";

/** Commit files are fetched so many at a time: a remote store's latency is what replay waits for. */
const FETCH_BATCH = 16;
const COMMIT_NAME = /^\d{20}\.json$/;

/** The `_delta_log` folder of one table. */
export class LogReader {
  readonly #store: ObjectStore;
  readonly #table: string;
  readonly #prefix: string;

  /** `table` is the table's folder as a key prefix without a slash at the end; "" is the store's root. */
  constructor(store: ObjectStore, table: string) {
    this.#store = store;
    this.#table = table;
    this.#prefix = `${table === "" ? "" : `${table}/`}_delta_log/`;
  }

  keyOf(version: number): string {
    return `${this.#prefix}${String(version).padStart(20, "0")}.json`;
  }

  /** Undefined when the version does not exist. */
  async read(version: number, options?: CallOptions): Promise<Commit | undefined> {
    const key = this.keyOf(version);
    const bytes = await this.#store.get(key, options);
    return bytes && { version, actions: decodeCommit(key, bytes) };
  }

  /**
   * Commits after `version`, in batches and in order. Throws `DELTA_LOG_GAP` when one is missing below the newest.
   * The listing tells only the newest version: a listing made while others write may show a file and miss the one
   * before it, so every version up to the newest is asked for by name.
   */
  async *after(version: number): AsyncIterable<readonly Commit[]> {
    const newest = await this.#newestVersion(version);
    for (let first = version + 1; first <= newest; first += FETCH_BATCH) {
      const count = Math.min(FETCH_BATCH, newest - first + 1);
      const versions = Array.from({ length: count }, (_, index) => first + index);
      yield await Promise.all(versions.map((each) => this.#readExisting(each)));
    }
  }

  async #newestVersion(version: number): Promise<number> {
    const options = version >= 0 ? { startAfter: this.keyOf(version) } : {};
    let newest = version;
    for await (const { key } of this.#store.list(this.#prefix, options)) {
      const name = key.slice(this.#prefix.length);
      if (COMMIT_NAME.test(name)) newest = Math.max(newest, Number(name.slice(0, 20)));
    }
    return newest;
  }

  async #readExisting(version: number): Promise<Commit> {
    const commit = await this.read(version);
    if (!commit) throw errors.DELTA_LOG_GAP({ table: this.#table, version });
    return commit;
  }
}
