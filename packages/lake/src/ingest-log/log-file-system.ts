import { access, mkdir, open, readdir, rmdir, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/** The file operations of the log, so that tests can make a disk fail. Errors are those of node:fs. */
export interface LogFileSystem {
  /** `wx`: make a new file, reject with EEXIST when there is one. */
  open(path: string, flags: "r" | "wx"): Promise<LogFile>;
  exists(path: string): Promise<boolean>;
  /** Names in a folder; empty when it does not exist. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes a folder and those above it; says whether it was missing. */
  makeFolder(folder: string): Promise<boolean>;
  /** Makes the names in a folder durable. */
  syncFolder(folder: string): Promise<void>;
  /** Resolves also when the file is missing. */
  remove(path: string): Promise<void>;
  /** Resolves also when the folder is missing or not empty. */
  removeFolder(folder: string): Promise<void>;
}

export interface LogFile {
  /** May write less than was given, as writev(2). Resolves with the bytes written. */
  writev(buffers: readonly Uint8Array[], position: number): Promise<number>;
  /** Fills `buffer` as far as the file goes; resolves with the bytes read. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  size(): Promise<number>;
  datasync(): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

export const nodeFileSystem: LogFileSystem = {
  open: openFile,
  exists: (path) =>
    access(path)
      .then(() => true, unless("ENOENT", "ENOTDIR"))
      .then(Boolean),
  list: (folder) =>
    readdir(folder)
      .catch(unless("ENOENT"))
      .then((names) => names ?? []),
  makeFolder: async (folder) => (await mkdir(folder, { recursive: true })) !== undefined,
  syncFolder: async (folder) => {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  remove: (path) => unlink(path).catch(unless("ENOENT")),
  removeFolder: (folder) => rmdir(folder).catch(unless("ENOENT", "ENOTEMPTY", "EEXIST")),
};

async function openFile(path: string, flags: "r" | "wx"): Promise<LogFile> {
  const handle = await open(path, flags);
  return {
    writev: async (buffers, position) => (await handle.writev(buffers, position)).bytesWritten,
    read: async (buffer, position) => {
      let filled = 0;
      while (filled < buffer.length) {
        const rest = buffer.subarray(filled);
        const { bytesRead } = await handle.read(rest, 0, rest.length, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled;
    },
    size: async () => (await handle.stat()).size,
    datasync: () => handle.datasync(),
    truncate: (size) => handle.truncate(size),
    close: () => handle.close(),
  };
}

/** Makes `folder` and the names of all new folders above it durable. */
export async function makeDurableFolder(fs: LogFileSystem, folder: string): Promise<boolean> {
  const isNew = await fs.makeFolder(folder);
  await fs.syncFolder(folder);
  // How far up folders were missing is not known; syncing one that was there costs nothing worth saving.
  for (let at = folder; isNew && at !== dirname(at); at = dirname(at)) {
    await fs.syncFolder(dirname(at)).catch(unless("EACCES", "EPERM"));
  }
  return isNew;
}

export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

/** A rejection handler that swallows these codes and throws on everything else. */
function unless(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    const code = fileErrorCode(error);
    if (code === undefined || !codes.includes(code)) throw error;
    return undefined;
  };
}
