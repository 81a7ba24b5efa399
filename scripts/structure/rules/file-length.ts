import { type Finding, warningAt } from "../finding.ts";
import { isModule } from "../parsed-module.ts";
import type { SourceTree } from "../source-tree.ts";

const LONG_LINES = 500;

/** A long file usually holds two ideas. Only a warning: a data table may rightly be long. */
export function fileLength(tree: SourceTree): readonly Finding[] {
  return tree.paths.filter(isModule).flatMap((path) => {
    const lines = tree.text(path).split("\n").length - 1;
    if (lines <= LONG_LINES) return [];
    return [warningAt(path, `${lines} lines (over ${LONG_LINES}): can it be split by idea?`)];
  });
}
