import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isAbsent, translateFileError } from "./local-file-error.ts";
import { compareKeys } from "./object-key.ts";
import type { ListOptions, ObjectHead } from "./object-store.ts";

/** So many stat calls run side by side: enough to hide their latency, few enough for the thread pool. */
const STAT_BATCH = 32;

interface Entry {
  /** The key of a file, or of a folder with its trailing slash. */
  readonly key: string;
  readonly isFolder: boolean;
}

/** The files below `root` whose key starts with `prefix`, in byte order of the keys, without the folder `hidden`. */
export async function* listFolder(
  root: string,
  prefix: string,
  options: ListOptions,
  hidden: string,
): AsyncIterable<ObjectHead> {
  const { startAfter, signal } = options;
  const wanted = (entry: Entry) =>
    entry.key !== `${hidden}/` &&
    mayHoldPrefix(entry, prefix) &&
    (startAfter === undefined || isAfter(entry, startAfter));
  // The deepest folder named by the prefix is the only one that has to be opened.
  const start = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  if (start === `${hidden}/` || !isFolderOfKeys(start)) return;
  yield* walk(root, start, wanted, signal);
}

/** A prefix is not a key, but must not lead out of the root either. */
function isFolderOfKeys(start: string): boolean {
  return (
    start === "" ||
    !start
      .slice(0, -1)
      .split("/")
      .some((part) => /^\.{0,2}$/.test(part))
  );
}

async function* walk(
  root: string,
  folder: string,
  wanted: (entry: Entry) => boolean,
  signal: AbortSignal | undefined,
): AsyncIterable<ObjectHead> {
  const entries = (await entriesOf(root, folder)).filter(wanted);
  entries.sort((a, b) => compareKeys(a.key, b.key));
  let files: string[] = [];
  for (const entry of entries) {
    signal?.throwIfAborted();
    if (!entry.isFolder) files.push(entry.key);
    if (entry.isFolder || files.length === STAT_BATCH) {
      yield* heads(root, files);
      files = [];
    }
    if (entry.isFolder) yield* walk(root, entry.key, wanted, signal);
  }
  yield* heads(root, files);
}

/** A folder's key ends in "/", so that sorting puts `a-b`, `a/b` and `a0` in the byte order of the whole keys. */
async function entriesOf(root: string, folder: string): Promise<Entry[]> {
  let found: Dirent[];
  try {
    found = await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw translateFileError(error, "list", folder);
  }
  return found
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => {
      const isFolder = entry.isDirectory();
      return { key: `${folder}${entry.name}${isFolder ? "/" : ""}`, isFolder };
    });
}

function mayHoldPrefix(entry: Entry, prefix: string): boolean {
  return entry.key.startsWith(prefix) || (entry.isFolder && prefix.startsWith(entry.key));
}

/** Whether the entry, or something in the folder, comes after `startAfter`. */
function isAfter(entry: Entry, startAfter: string): boolean {
  if (compareKeys(entry.key, startAfter) > 0) return true;
  return entry.isFolder && startAfter.startsWith(entry.key);
}

async function* heads(root: string, keys: readonly string[]): AsyncIterable<ObjectHead> {
  const found = await Promise.all(keys.map((key) => headOf(root, key)));
  for (const head of found) if (head) yield head;
}

/** Undefined when the file was deleted after its folder was read. */
async function headOf(root: string, key: string): Promise<ObjectHead | undefined> {
  try {
    const { size, mtimeMs } = await stat(join(root, key));
    return { key, sizeBytes: size, modifiedAt: Math.floor(mtimeMs) };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw translateFileError(error, "list", key);
  }
}
