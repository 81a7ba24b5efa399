import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock } from "@scouter/contracts";

export interface FileCacheOptions {
  /** Absolute; several processes may share it. */
  readonly folder: string;
  /** Files that nobody holds are deleted, least recently used first, while all together are larger. */
  readonly capacityBytes: number;
  readonly clock: Clock;
  /** Writes the file of that name to `path`. */
  readonly fetch: (file: CachedFile, path: string) => Promise<void>;
}

export interface CachedFile {
  /** Relative, with `/` between folders. What a name stands for never changes. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** Files that stay in the cache until released. */
export interface HeldFiles {
  /** Resolves when all of them are there; rejects with the first fetch that fails. */
  ready(): Promise<void>;
  release(): void;
}

/** Fetches under way for one hold. */
const PARALLEL_FETCHES = 4;
/** Folder of half-written files, within the cache's so that a rename puts them in place. */
const FETCHING = ".fetching";
/** Half-written files of ended processes are deleted when older than this. */
const FETCHING_MAX_AGE_MS = 3_600_000;
/** A file's time says when it was last used, to other processes and after a restart; as exact as this. */
const TOUCH_INTERVAL_MS = 60_000;
/** A file that another process used so lately may be in one of its queries. */
const OTHERS_USE_MS = 600_000;

interface Entry {
  readonly file: CachedFile;
  isPresent: boolean;
  holds: number;
  touchedAt: number;
  fetching: Promise<void> | undefined;
}

/**
 * Immutable files of a remote store on the local disk, where the engine can read them. A file appears whole, by a
 * rename; one whose size is not what the caller expects is fetched again.
 */
export class FileCache {
  readonly #options: FileCacheOptions;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #removals = new Map<string, Promise<void>>();
  #sizeBytes = 0;

  private constructor(options: FileCacheOptions) {
    this.#options = options;
  }

  /** Finds what earlier processes left in the folder. */
  static async open(options: FileCacheOptions): Promise<FileCache> {
    const cache = new FileCache(options);
    await mkdir(join(options.folder, FETCHING), { recursive: true });
    await cache.#clearFetching();
    await cache.#findFiles();
    cache.#evict();
    return cache;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  pathOf(name: string): string {
    return join(this.#options.folder, name);
  }

  /** Keeps the files from being deleted, at once; those that are missing are fetched by `ready`. */
  hold(files: readonly CachedFile[]): HeldFiles {
    const entries = files.map((file) => this.#use(file));
    for (const entry of entries) entry.holds += 1;
    let isReleased = false;
    return {
      ready: () => this.#fetchAll(entries),
      release: () => {
        if (isReleased) return;
        isReleased = true;
        for (const entry of entries) this.#release(entry);
        this.#evict();
      },
    };
  }

  /** Takes a local file on the same file system into the cache, by moving it. */
  async admit(file: CachedFile, path: string): Promise<void> {
    const held = this.hold([file]);
    try {
      const entry = this.#use(file);
      if (!entry.isPresent) await this.#place(entry, path);
    } finally {
      held.release();
    }
  }

  /** Resolves when no deletion is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#removals.values());
  }

  #use(file: CachedFile): Entry {
    const known = this.#entries.get(file.name);
    this.#entries.delete(file.name);
    if (known?.isPresent && known.file.sizeBytes !== file.sizeBytes && known.holds === 0) {
      this.#sizeBytes -= known.file.sizeBytes;
    } else if (known) {
      this.#entries.set(file.name, known);
      return known;
    }
    const entry = { file, isPresent: false, holds: 0, touchedAt: 0, fetching: undefined };
    this.#entries.set(file.name, entry);
    return entry;
  }

  #release(entry: Entry): void {
    entry.holds -= 1;
    const isEmpty = entry.holds === 0 && !entry.isPresent && !entry.fetching;
    if (isEmpty && this.#entries.get(entry.file.name) === entry) {
      this.#entries.delete(entry.file.name);
    }
  }

  async #fetchAll(entries: readonly Entry[]): Promise<void> {
    const waiting = [...entries];
    const worker = async () => {
      for (let entry = waiting.shift(); entry; entry = waiting.shift()) await this.#ensure(entry);
    };
    const workers = Array.from({ length: PARALLEL_FETCHES }, worker);
    const results = await Promise.allSettled(workers);
    for (const result of results) if (result.status === "rejected") throw result.reason;
    this.#evict();
  }

  async #ensure(entry: Entry): Promise<void> {
    if (entry.isPresent && (await this.#touch(entry))) return;
    entry.fetching ??= this.#fetch(entry).finally(() => {
      entry.fetching = undefined;
    });
    await entry.fetching;
  }

  /** False when another process has deleted the file. */
  async #touch(entry: Entry): Promise<boolean> {
    const now = this.#options.clock.now();
    if (now - entry.touchedAt < TOUCH_INTERVAL_MS) return true;
    try {
      await utimes(this.pathOf(entry.file.name), new Date(now), new Date(now));
      entry.touchedAt = now;
      return true;
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (entry.isPresent) this.#sizeBytes -= entry.file.sizeBytes;
      entry.isPresent = false;
      return false;
    }
  }

  async #fetch(entry: Entry): Promise<void> {
    const path = join(this.#options.folder, FETCHING, `${process.pid}-${randomUUID()}`);
    try {
      await this.#options.fetch(entry.file, path);
      await this.#place(entry, path);
    } finally {
      await rm(path, { force: true });
    }
  }

  async #place(entry: Entry, source: string): Promise<void> {
    const path = this.pathOf(entry.file.name);
    await this.#removals.get(entry.file.name);
    // A file without its content, after a power cut, would be taken for whole.
    const handle = await open(source, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await mkdir(dirname(path), { recursive: true });
    await rename(source, path);
    if (entry.isPresent) return;
    entry.isPresent = true;
    entry.touchedAt = this.#options.clock.now();
    this.#sizeBytes += entry.file.sizeBytes;
  }

  #evict(): void {
    for (const entry of this.#entries.values()) {
      if (this.#sizeBytes <= this.#options.capacityBytes) return;
      if (entry.holds > 0 || !entry.isPresent) continue;
      this.#entries.delete(entry.file.name);
      this.#sizeBytes -= entry.file.sizeBytes;
      this.#remove(entry);
    }
  }

  #remove(entry: Entry): void {
    const { name } = entry.file;
    const before = this.#removals.get(name) ?? Promise.resolve();
    const removal = before
      .then(() => this.#removeUnlessUsed(entry))
      // What cannot be deleted is found again at the next start.
      .catch(() => undefined)
      .finally(() => {
        if (this.#removals.get(name) === removal) this.#removals.delete(name);
      });
    this.#removals.set(name, removal);
  }

  async #removeUnlessUsed({ file, touchedAt }: Entry): Promise<void> {
    const path = this.pathOf(file.name);
    const usedAt = (await stat(path)).mtimeMs;
    const isOthers = usedAt > touchedAt + TOUCH_INTERVAL_MS;
    if (isOthers && this.#options.clock.now() - usedAt < OTHERS_USE_MS) return;
    await rm(path, { force: true });
  }

  async #clearFetching(): Promise<void> {
    const folder = join(this.#options.folder, FETCHING);
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined); // another process may be first
      const isOld = found && this.#options.clock.now() - found.mtimeMs > FETCHING_MAX_AGE_MS;
      if (isOld) await rm(path, { force: true });
    }
  }

  async #findFiles(): Promise<void> {
    const { folder } = this.#options;
    const found: { readonly file: CachedFile; readonly usedAt: number }[] = [];
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(folder.length + 1);
      if (name.startsWith(FETCHING)) continue;
      const { size, mtimeMs } = await stat(path);
      found.push({ file: { name, sizeBytes: size }, usedAt: mtimeMs });
    }
    for (const { file, usedAt } of found.sort((a, b) => a.usedAt - b.usedAt)) {
      const entry: Entry = {
        file,
        isPresent: true,
        holds: 0,
        touchedAt: usedAt,
        fetching: undefined,
      };
      this.#entries.set(file.name, entry);
      this.#sizeBytes += file.sizeBytes;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
