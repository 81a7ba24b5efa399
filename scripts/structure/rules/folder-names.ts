import { errorAt, type Finding } from "../finding.ts";
import type { SourceTree } from "../source-tree.ts";

const MEANINGLESS = new Set(["utils", "util", "common", "shared", "helpers", "helper", "misc"]);

/** Folders and files are named after a concept; these names collect what has no home. */
export function folderNames(tree: SourceTree): readonly Finding[] {
  const seen = new Set<string>();
  return tree.paths.flatMap((path) => {
    const parts = path.split("/");
    const at = parts.findIndex((part) => MEANINGLESS.has(part.replace(/\.[^.]+$/, "")));
    if (at === -1) return [];
    const place = parts.slice(0, at + 1).join("/");
    if (seen.has(place)) return [];
    seen.add(place);
    return [errorAt(place, `'${parts[at]}' names no concept; call it after what it holds`)];
  });
}
