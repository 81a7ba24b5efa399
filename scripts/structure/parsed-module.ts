import { parseSync, Visitor } from "rolldown/utils";
import type { SourceTree } from "./source-tree.ts";

export interface ModuleImport {
  readonly specifier: string;
  readonly line: number;
  /** Erased at run time: `import type`, or only names marked `type`. */
  readonly typeOnly: boolean;
  /** `import("x")` with a literal argument. */
  readonly dynamic: boolean;
}

export interface ModuleComment {
  readonly text: string;
  readonly line: number;
}

export interface ParsedModule {
  readonly imports: readonly ModuleImport[];
  readonly comments: readonly ModuleComment[];
  /** Every string literal, templates without placeholders included. */
  readonly strings: ReadonlySet<string>;
  readonly program: Program;
  readonly lineOf: (offset: number) => number;
}

export type Program = ReturnType<typeof parseSync>["program"];

const cache = new WeakMap<SourceTree, Map<string, ParsedModule>>();

/** Whether the file is a module that rules look into (TypeScript or plain JavaScript). */
export function isModule(path: string): boolean {
  return /\.(ts|tsx|mts|mjs|js)$/.test(path);
}

/** Parses once per tree and path. Throws with the path when the text is not valid. */
export function parsedModule(tree: SourceTree, path: string): ParsedModule {
  let modules = cache.get(tree);
  if (modules === undefined) cache.set(tree, (modules = new Map()));
  const known = modules.get(path);
  if (known !== undefined) return known;
  const parsed = parseModule(path, tree.text(path));
  modules.set(path, parsed);
  return parsed;
}

function parseModule(path: string, text: string): ParsedModule {
  const result = parseSync(path, text);
  const problem = result.errors[0];
  if (problem !== undefined) throw new Error(`cannot parse ${path}: ${problem.message}`);
  const lineOf = lineFinder(text);
  const strings = stringsOf(result.program);
  const literalAt = (start: number, end: number) => text.slice(start + 1, end - 1);
  const imports: ModuleImport[] = [
    ...result.module.staticImports.map((statement) => ({
      specifier: statement.moduleRequest.value,
      line: lineOf(statement.start),
      typeOnly: statement.entries.length > 0 && statement.entries.every((entry) => entry.isType),
      dynamic: false,
    })),
    ...result.module.staticExports.flatMap((statement) => {
      const from = statement.entries.find((entry) => entry.moduleRequest !== null)?.moduleRequest;
      if (from === undefined || from === null) return [];
      const typeOnly = statement.entries.every((entry) => entry.isType);
      return [{ specifier: from.value, line: lineOf(statement.start), typeOnly, dynamic: false }];
    }),
    ...result.module.dynamicImports.flatMap(({ start, moduleRequest }) => {
      const specifier = literalAt(moduleRequest.start, moduleRequest.end);
      const isLiteral = /^["'`]/.test(text.charAt(moduleRequest.start)) && strings.has(specifier);
      return isLiteral ? [{ specifier, line: lineOf(start), typeOnly: false, dynamic: true }] : [];
    }),
  ];
  return {
    imports,
    comments: result.comments.map(({ value, start }) => ({ text: value, line: lineOf(start) })),
    strings,
    program: result.program,
    lineOf,
  };
}

function stringsOf(program: Program): ReadonlySet<string> {
  const strings = new Set<string>();
  new Visitor({
    Literal(node) {
      if (typeof node.value === "string") strings.add(node.value);
    },
    TemplateLiteral(node) {
      const only = node.quasis.length === 1 ? node.quasis[0]?.value.cooked : undefined;
      if (typeof only === "string") strings.add(only);
    },
  }).visit(program);
  return strings;
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
