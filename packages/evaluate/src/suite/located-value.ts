import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";

export type PathPart = string | number;

export interface Place {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface SyntaxProblem extends Place {
  readonly message: string;
}

/** A parsed text that knows where its values stand. */
export interface LocatedValue {
  readonly value: unknown;
  /** The value's place, or that of the nearest parent that is there. */
  readonly placeOf: (path: readonly PathPart[]) => Place;
}

/** The text's value, or what keeps it from having one. */
export type Parsed = LocatedValue | { readonly syntax: readonly SyntaxProblem[] };

/** YAML 1.2, core schema: `yes` is text, a key may occur once. JSON is YAML, too. */
export function parseYaml(text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const found = [...document.errors, ...document.warnings];
  if (found.length > 0) {
    return {
      syntax: found.map(({ message, pos }) => ({ ...placeAt(lines, pos[0]), message })),
    };
  }
  try {
    return {
      value: document.toJS({ maxAliasCount: 1000 }) as unknown,
      placeOf: (path) => placeAt(lines, startOf(document.contents, path)),
    };
  } catch (error) {
    return { syntax: [{ line: 1, column: 1, message: String(error) }] };
  }
}

/** Strict JSON. Places are looked for only when somebody asks for one. */
export function parseJson(text: string): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    let located: LocatedValue | undefined;
    return {
      value,
      placeOf: (path) => (located ??= locatedJson(text, value)).placeOf(path),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const { line, column } = placeInMessage(message, text);
    return { syntax: [{ line, column, message }] };
  }
}

function locatedJson(text: string, value: unknown): LocatedValue {
  const parsed = parseYaml(text.replaceAll("\t", " "));
  return "syntax" in parsed ? { value, placeOf: () => ({ line: 1, column: 1 }) } : parsed;
}

/** Engines say `at position 12`; in short texts, and at an unexpected end, nothing. */
function placeInMessage(message: string, text: string): Place {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined && !message.includes("end of")) {
    const parsed = parseYaml(text.replaceAll("\t", " "));
    if ("syntax" in parsed && parsed.syntax[0] !== undefined) return parsed.syntax[0];
  }
  const before = text.slice(0, position === undefined ? text.length : Number(position));
  const lines = before.split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Follows the path as far as it goes; a member is found at its key, an item at itself. */
function startOf(root: Node | null, path: readonly PathPart[]): number {
  let start = root?.range?.[0] ?? 0;
  let node: unknown = root;
  for (const part of path) {
    const found = memberOf(node, part);
    if (found === undefined) return start;
    start = found.start ?? start;
    node = found.node;
  }
  return start;
}

function memberOf(
  node: unknown,
  part: PathPart,
): { readonly node: unknown; readonly start: number | undefined } | undefined {
  // What an alias stands for is written elsewhere: the alias is the place that its reader looks at.
  if (isAlias(node)) return undefined;
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
    if (pair === undefined) return undefined;
    return { node: pair.value, start: isScalar(pair.key) ? pair.key.range?.[0] : undefined };
  }
  if (!isSeq(node) || typeof part !== "number") return undefined;
  const item = node.items[part];
  return item === undefined ? undefined : { node: item, start: (item as Node).range?.[0] };
}

/** `scenarios[3].tasks[0].operator` */
export function printPathParts(path: readonly PathPart[]): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const isPlain = /^[A-Za-z_][\w-]*$/.test(part);
      if (!isPlain) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}
