import { errorAt, type Finding } from "../finding.ts";
import { proseLines } from "../markdown.ts";
import type { SourceTree } from "../source-tree.ts";

const PAGES = ["docs/where-to-change.md", "docs/architecture.md"];
const ROOTS = /^(?:packages|apps|examples|benchmarks|docs|scripts)\//;

/**
 * Paths named in the newcomer's pages exist. `<name>` in a path stands for what the reader adds: the folder before it
 * must exist. `*` must match at least one name.
 */
export function documentedPaths(tree: SourceTree): readonly Finding[] {
  return PAGES.filter((page) => tree.has(page)).flatMap((page) =>
    proseLines(tree.text(page)).flatMap(({ text, line }) =>
      [...text.matchAll(/`([^`\s]+)`/g)]
        .map(([, path = ""]) => path)
        .filter((path) => ROOTS.test(path) && !exists(tree, path))
        .map((path) => errorAt(page, `'${path}' does not exist`, line)),
    ),
  );
}

function exists(tree: SourceTree, path: string): boolean {
  const known = path.split("<")[0] as string;
  const stem = known === path ? path : known.slice(0, known.lastIndexOf("/"));
  const plain = stem.replace(/\/$/, "");
  if (!plain.includes("*")) return tree.has(plain) || tree.hasFolder(plain);
  const escaped = plain.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  const pattern = new RegExp(`^${escaped.replaceAll("*", "[^/]*")}(?:/|$)`);
  return tree.paths.some((candidate) => pattern.test(candidate));
}
