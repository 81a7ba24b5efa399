import { errorAt, type Finding } from "../finding.ts";
import type { SourceTree } from "../source-tree.ts";
import { workspacePackages } from "../workspace.ts";

const ONE_SCREEN_LINES = 60;

/** Every package introduces itself on one screen. */
export function packageReadmes(tree: SourceTree): readonly Finding[] {
  return workspacePackages(tree).flatMap(({ folder }) => {
    const readme = `${folder}/README.md`;
    if (!tree.has(readme)) return [errorAt(readme, "is missing; say what the package is for")];
    const lines = tree.text(readme).trimEnd().split("\n").length;
    if (lines <= ONE_SCREEN_LINES) return [];
    const message = `${lines} lines; keep to one screen (${ONE_SCREEN_LINES}) and link to docs`;
    return [errorAt(readme, message)];
  });
}
