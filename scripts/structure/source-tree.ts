import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The repository's files as values, so that every rule is a pure function and its tests need no disk.
 * Paths are relative to the root, `/`-separated, in byte order.
 */
export interface SourceTree {
  readonly paths: readonly string[];
  has(path: string): boolean;
  /** Whether some file lies below `folder` (given without a closing slash). */
  hasFolder(folder: string): boolean;
  /** The file's text; throws when there is no such file. */
  text(path: string): string;
}

const IGNORED_FOLDERS: ReadonlySet<string> = new Set(["node_modules", "dist", "coverage", ".git"]);

export function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  return makeTree(Object.keys(files), (path) => files[path] as string);
}

/** Reads lazily: only files that a rule asks for are loaded. */
export function treeOnDisk(root: string): SourceTree {
  const loaded = new Map<string, string>();
  return makeTree(listFiles(root, ""), (path) => {
    const text = loaded.get(path) ?? readFileSync(join(root, path), "utf8");
    loaded.set(path, text);
    return text;
  });
}

function makeTree(unordered: readonly string[], load: (path: string) => string): SourceTree {
  const paths = [...unordered].sort();
  const known = new Set(paths);
  return {
    paths,
    has: (path) => known.has(path),
    hasFolder: (folder) => paths.some((path) => path.startsWith(`${folder}/`)),
    text: (path) => {
      if (!known.has(path)) throw new Error(`no such file: ${path}`);
      return load(path);
    },
  };
}

function listFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return isIgnored(entry.name) ? [] : listFiles(root, path);
    return entry.isFile() ? [path] : [];
  });
}

function isIgnored(folderName: string): boolean {
  return IGNORED_FOLDERS.has(folderName) || folderName.startsWith(".scouter");
}
