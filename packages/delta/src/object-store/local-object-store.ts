import { constants } from "node:fs";
import {
  copyFile,
  link,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  stat,
  unlink,
} from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { randomUUID } from "node:crypto";
import { errors } from "../errors.ts";
import { listFolder } from "./local-object-list.ts";
import { codeOf, isAbsent, translateFileError } from "./local-file-error.ts";
import { checkObjectKey, clampRange } from "./object-key.ts";
import type {
  CallOptions,
  ListOptions,
  ObjectHead,
  ObjectStore,
  ObjectStoreCapabilities,
} from "./object-store.ts";

/** Folder of half-written files, beside the objects so that rename and link stay within one file system. */
const TEMPORARY_FOLDER = ".object-store-tmp";

export interface LocalObjectStoreOptions {
  /** Half-written files of ended processes are deleted at opening when older than this; default 1 h. */
  readonly temporaryMaxAgeMs?: number;
}

/** Makes the folder when missing and clears what writers left behind that died half way. */
export async function openLocalObjectStore(
  root: string,
  options: LocalObjectStoreOptions = {},
): Promise<LocalObjectStore> {
  const store = new LocalObjectStore(root);
  await store.clearTemporaries(options.temporaryMaxAgeMs ?? 3_600_000);
  return store;
}

/**
 * Objects as files below a folder, which several processes of one machine may share.
 *
 * Every object is written to a temporary file and fsynced first. `putIfAbsent` then makes its name with link(2),
 * which fails when the name exists: unlike an exclusive open followed by a write, it has one winner and no reader can
 * meet a part of the content. `put` uses rename(2). Both end with an fsync of the folder, without which a power cut
 * could take the name back. Folders are never deleted: a racing writer could be about to use them.
 */
export class LocalObjectStore implements ObjectStore {
  readonly capabilities: ObjectStoreCapabilities;
  readonly #root: string;
  readonly #durableFolders = new Set<string>();

  constructor(root: string) {
    this.#root = resolve(root);
    this.capabilities = { durability: "power", localRoot: this.#root };
  }

  async put(key: string, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    const path = this.#pathOf(key, options);
    await this.#translate("put", key, () =>
      this.#withTemporary(path, bytes, (temporary) => rename(temporary, path)),
    );
  }

  async putIfAbsent(key: string, bytes: Uint8Array, options?: CallOptions): Promise<boolean> {
    const path = this.#pathOf(key, options);
    return this.#translate("putIfAbsent", key, async () => {
      if (await exists(path)) return false;
      return this.#withTemporary(path, bytes, (temporary) => linkUnlessPresent(temporary, path));
    });
  }

  async get(key: string, options?: CallOptions): Promise<Uint8Array | undefined> {
    const path = this.#pathOf(key, options);
    return this.#translate("get", key, () => unlessAbsent(readFile(path)));
  }

  async getRange(
    key: string,
    start: number,
    end: number,
    options?: CallOptions,
  ): Promise<Uint8Array | undefined> {
    const path = this.#pathOf(key, options);
    clampRange(key, start, end, 0);
    return this.#translate("getRange", key, () => unlessAbsent(readRange(key, path, start, end)));
  }

  async head(key: string, options?: CallOptions): Promise<ObjectHead | undefined> {
    const path = this.#pathOf(key, options);
    const found = await this.#translate("head", key, () => unlessAbsent(stat(path)));
    if (!found?.isFile()) return undefined;
    return { key, sizeBytes: found.size, modifiedAt: Math.floor(found.mtimeMs) };
  }

  list(prefix: string, options: ListOptions = {}): AsyncIterable<ObjectHead> {
    return listFolder(this.#root, prefix, options, TEMPORARY_FOLDER);
  }

  async delete(key: string, options?: CallOptions): Promise<void> {
    const path = this.#pathOf(key, options);
    await this.#translate("delete", key, async () => {
      if ((await unlessAbsent(stat(path)))?.isFile()) await unlessAbsent(unlink(path));
    });
  }

  async putFile(key: string, source: string, options?: CallOptions): Promise<void> {
    const path = this.#pathOf(key, options);
    await this.#translate("putFile", key, async () => {
      await syncPath(source);
      await this.#inFolderOf(path, () => this.#moveInto(source, path));
    });
  }

  /** Deletes half-written files older than `maxAgeMs`; younger ones may belong to a living process. */
  async clearTemporaries(maxAgeMs: number): Promise<void> {
    const folder = join(this.#root, TEMPORARY_FOLDER);
    await this.#translate("open", TEMPORARY_FOLDER, async () => {
      await this.#makeDurable(folder);
      for (const name of await readdir(folder)) {
        const path = join(folder, name);
        const found = await unlessAbsent(stat(path));
        if (found && Date.now() - found.mtimeMs > maxAgeMs) await unlessAbsent(unlink(path));
      }
    });
  }

  #pathOf(key: string, options: CallOptions | undefined): string {
    options?.signal?.throwIfAborted();
    checkObjectKey(key);
    if (key === TEMPORARY_FOLDER || key.startsWith(`${TEMPORARY_FOLDER}/`)) {
      throw errors.OBJECT_KEY_INVALID({ key, reason: "lies in the store's own folder" });
    }
    return join(this.#root, key);
  }

  async #translate<T>(operation: string, key: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw translateFileError(error, operation, key);
    }
  }

  /** Writes `bytes` to a fresh file, lets `place` name it, and makes the name durable. */
  async #withTemporary<T>(
    path: string,
    bytes: Uint8Array,
    place: (temporary: string) => Promise<T>,
  ): Promise<T> {
    const temporary = await this.#newTemporary();
    try {
      const handle = await open(temporary, "wx");
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      return await this.#inFolderOf(path, () => place(temporary));
    } finally {
      await unlessAbsent(unlink(temporary));
    }
  }

  async #newTemporary(): Promise<string> {
    const folder = join(this.#root, TEMPORARY_FOLDER);
    await this.#makeDurable(folder);
    return join(folder, `${process.pid}-${randomUUID()}`);
  }

  /** Runs `place`, which makes a name in the folder of `path`, and syncs that folder. */
  async #inFolderOf<T>(path: string, place: () => Promise<T>): Promise<T> {
    const folder = dirname(path);
    await this.#makeDurable(folder);
    const result = await place();
    await syncPath(folder);
    return result;
  }

  /** Makes `folder` and syncs it and every folder above it up to the root's parent, once in this process. */
  async #makeDurable(folder: string): Promise<void> {
    if (this.#durableFolders.has(folder)) return;
    await mkdir(folder, { recursive: true });
    for (let at = folder; ; at = dirname(at)) {
      await syncPath(at);
      if (at === this.#root || at === dirname(at)) break;
    }
    await syncPath(dirname(this.#root));
    this.#durableFolders.add(folder);
  }

  async #moveInto(source: string, path: string): Promise<void> {
    try {
      await rename(source, path);
    } catch (error) {
      if (codeOf(error) !== "EXDEV") throw error;
      await this.#copyInto(source, path);
    }
  }

  /** The source lies on another file system, where rename cannot reach. */
  async #copyInto(source: string, path: string): Promise<void> {
    const temporary = await this.#newTemporary();
    try {
      await copyFile(source, temporary, constants.COPYFILE_EXCL);
      await syncPath(temporary);
      await rename(temporary, path);
    } finally {
      await unlessAbsent(unlink(temporary));
    }
    await unlessAbsent(unlink(source));
  }
}

async function exists(path: string): Promise<boolean> {
  return (await unlessAbsent(stat(path))) !== undefined;
}

async function linkUnlessPresent(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function readRange(
  key: string,
  path: string,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const range = clampRange(key, start, end, (await handle.stat()).size);
    const buffer = new Uint8Array(range.length);
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await handle.read(
        buffer,
        filled,
        buffer.length - filled,
        range.start + filled,
      );
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function unlessAbsent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
