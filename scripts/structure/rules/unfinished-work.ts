import { Visitor } from "rolldown/utils";
import { errorAt, type Finding } from "../finding.ts";
import { isModule, parsedModule, type ParsedModule } from "../parsed-module.ts";
import type { SourceTree } from "../source-tree.ts";
import { isTestFile } from "../workspace.ts";

const TEST_FUNCTIONS = new Set(["describe", "it", "test", "suite"]);
const LEFT_OUT = new Set(["skip", "only", "todo", "fails"]);

/** Nothing half-done is hidden: no skipped or lone tests, no open-ended notes, no silenced checks without a reason. */
export function unfinishedWork(tree: SourceTree): readonly Finding[] {
  return tree.paths.filter(isModule).flatMap((path) => {
    const module = parsedModule(tree, path);
    return [
      ...commentProblems(module).map(({ message, line }) => errorAt(path, message, line)),
      ...(isTestFile(path) || path.includes("/contract/") ? leftOutTests(module) : []).map(
        ({ message, line }) => errorAt(path, message, line),
      ),
    ];
  });
}

interface Problem {
  readonly message: string;
  readonly line: number;
}

function commentProblems({ comments }: ParsedModule): readonly Problem[] {
  return comments.flatMap(({ text, line }) => {
    const note = /\b(TODO|FIXME|XXX|HACK)\b(.*)/.exec(text);
    if (note !== null && !/^\s*\(?when\b/.test(note[2] ?? "")) {
      return [{ message: `'${note[1]}' without its condition; write 'TODO when ...: ...'`, line }];
    }
    if (/@ts-(ignore|nocheck)/.test(text)) {
      return [{ message: "the type checker is silenced; mend the type", line }];
    }
    if (/\b(oxlint|eslint)-disable/.test(text) && !/ -- \S/.test(text)) {
      return [{ message: "a lint rule is switched off without a reason after ' -- '", line }];
    }
    return [];
  });
}

/** `it.skip`, `describe.only` and so on. `skipIf` and `runIf` state their condition and may stay. */
function leftOutTests({ program, lineOf }: ParsedModule): readonly Problem[] {
  const problems: Problem[] = [];
  new Visitor({
    MemberExpression(node) {
      if (node.computed || node.property.type !== "Identifier") return;
      if (!LEFT_OUT.has(node.property.name) || rootName(node.object) === undefined) return;
      const message = `'.${node.property.name}' leaves tests out or turns them round; remove it`;
      problems.push({ message, line: lineOf(node.start) });
    },
  }).visit(program);
  return problems;
}

/** The test function at the root of `describe.concurrent.each`, if it is one. */
function rootName(node: { readonly type: string }): string | undefined {
  const { name, object } = node as {
    readonly name?: string;
    readonly object?: { readonly type: string };
  };
  if (node.type === "Identifier" && name !== undefined && TEST_FUNCTIONS.has(name)) return name;
  return object === undefined ? undefined : rootName(object);
}
