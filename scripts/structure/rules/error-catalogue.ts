import { Visitor } from "rolldown/utils";
import { errorAt, type Finding } from "../finding.ts";
import { isModule, parsedModule } from "../parsed-module.ts";
import type { SourceTree } from "../source-tree.ts";
import { isTestFile, workspacePackages, type WorkspacePackage } from "../workspace.ts";

interface DefinedError {
  readonly code: string;
  /** The literal `kind`; undefined when it is computed. */
  readonly kind: string | undefined;
  readonly file: string;
  readonly line: number;
}

interface DocumentedError {
  readonly code: string;
  readonly kind: string;
  readonly line: number;
}

const DOCS_FOLDER = "docs/reference/errors";
const INDEX = "docs/reference/errors.md";
const CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/**
 * The errors that packages define and the tables in docs/reference/errors say the same, both ways; codes are unique
 * over all packages; each package has one catalogue, `src/errors.ts`; the index links every page.
 */
export function errorCatalogue(tree: SourceTree): readonly Finding[] {
  const packages = workspacePackages(tree);
  const defined = packages.map((self) => ({ self, errors: definedErrors(tree, self) }));
  return [
    ...repeatedCodes(defined.flatMap(({ errors }) => errors)),
    ...defined.flatMap(({ self, errors }) => [
      ...errors.flatMap((error) => shapeProblems(self, error)),
      ...documentationProblems(tree, self, errors),
    ]),
    ...pagesWithoutPackage(tree, packages),
    ...pagesNotInIndex(tree),
  ];
}

function definedErrors(tree: SourceTree, self: WorkspacePackage): readonly DefinedError[] {
  return tree.paths
    .filter((path) => path.startsWith(`${self.folder}/src/`))
    .filter((path) => isModule(path) && !isTestFile(path))
    .flatMap((path) => catalogueEntries(tree, path));
}

function catalogueEntries(tree: SourceTree, file: string): readonly DefinedError[] {
  const { program, lineOf } = parsedModule(tree, file);
  const entries: DefinedError[] = [];
  new Visitor({
    CallExpression(call) {
      const [argument] = call.arguments;
      if (call.callee.type !== "Identifier" || call.callee.name !== "defineErrors") return;
      if (argument?.type !== "ObjectExpression") return;
      for (const property of argument.properties) {
        const line = lineOf(property.start);
        if (property.type !== "Property" || property.key.type !== "Identifier") {
          entries.push({ code: "(not a plain key)", kind: undefined, file, line });
          continue;
        }
        entries.push({ code: property.key.name, kind: kindOf(property.value), file, line });
      }
    },
  }).visit(program);
  return entries;
}

/** The `kind` of an error definition's object literal, looking through `satisfies` and `as`. */
function kindOf(node: { readonly type: string }): string | undefined {
  const inner = node as { readonly type: string; readonly expression?: { readonly type: string } };
  if (/^TS(?:As|Satisfies)Expression$/.test(inner.type) && inner.expression !== undefined) {
    return kindOf(inner.expression);
  }
  const { properties = [] } = node as { readonly properties?: readonly LiteralProperty[] };
  const kind = properties.find(({ key }) => key?.name === "kind")?.value?.value;
  return typeof kind === "string" ? kind : undefined;
}

interface LiteralProperty {
  readonly key?: { readonly name?: string };
  readonly value?: { readonly value?: unknown };
}

function shapeProblems(self: WorkspacePackage, error: DefinedError): readonly Finding[] {
  const problems: string[] = [];
  if (!CODE.test(error.code)) {
    problems.push(`code '${error.code}' must be UPPER_SNAKE with its package or concept in front`);
  }
  if (error.file !== `${self.folder}/src/errors.ts`) {
    problems.push(`'${error.code}' is defined outside the catalogue ${self.folder}/src/errors.ts`);
  }
  return problems.map((message) => errorAt(error.file, message, error.line));
}

function repeatedCodes(errors: readonly DefinedError[]): readonly Finding[] {
  const first = new Map<string, DefinedError>();
  return errors.flatMap((error) => {
    const earlier = first.get(error.code);
    if (earlier === undefined) {
      first.set(error.code, error);
      return [];
    }
    const message = `'${error.code}' is also defined in ${earlier.file}:${earlier.line}`;
    return [errorAt(error.file, message, error.line)];
  });
}

function documentationProblems(
  tree: SourceTree,
  self: WorkspacePackage,
  errors: readonly DefinedError[],
): readonly Finding[] {
  const page = `${DOCS_FOLDER}/${self.folder.split("/").at(-1)}.md`;
  const documented = tree.has(page) ? documentedErrors(tree.text(page)) : [];
  const missing = errors.flatMap(({ code, kind, file, line }) => {
    const row = documented.find((candidate) => candidate.code === code);
    if (row === undefined) return [errorAt(file, `'${code}' is not listed in ${page}`, line)];
    if (kind === undefined || row.kind === kind) return [];
    return [errorAt(page, `'${code}' is '${kind}' in ${file}, '${row.kind}' here`, row.line)];
  });
  const stale = documented
    .filter(({ code }) => !errors.some((error) => error.code === code))
    .map(({ code, line }) => errorAt(page, `'${code}' is not defined in ${self.folder}`, line));
  return [...missing, ...stale];
}

/** Rows `| CODE | kind | ...` of the page's tables, code marks allowed. */
function documentedErrors(markdown: string): readonly DocumentedError[] {
  return markdown.split("\n").flatMap((text, index) => {
    if (!text.trimStart().startsWith("|")) return [];
    const [, code = "", kind = ""] = text.split("|").map((cell) => cell.replaceAll("`", "").trim());
    return CODE.test(code) ? [{ code, kind, line: index + 1 }] : [];
  });
}

function pagesNotInIndex(tree: SourceTree): readonly Finding[] {
  if (!tree.has(INDEX)) return [];
  const index = tree.text(INDEX);
  return errorPages(tree)
    .filter((path) => !index.includes(`](errors/${path.slice(DOCS_FOLDER.length + 1)})`))
    .map((path) => errorAt(INDEX, `does not link ${path}`));
}

function errorPages(tree: SourceTree): readonly string[] {
  return tree.paths.filter((path) => path.startsWith(`${DOCS_FOLDER}/`) && path.endsWith(".md"));
}

function pagesWithoutPackage(
  tree: SourceTree,
  packages: readonly WorkspacePackage[],
): readonly Finding[] {
  const expected = new Set(packages.map(({ folder }) => folder.split("/").at(-1)));
  return errorPages(tree)
    .filter((path) => !expected.has(path.slice(DOCS_FOLDER.length + 1, -".md".length)))
    .map((path) => errorAt(path, "no package has this folder's name"));
}
