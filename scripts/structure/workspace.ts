import { posix } from "node:path";
import type { SourceTree } from "./source-tree.ts";

export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** One package of the repository: a folder with a `package.json`. */
export interface WorkspacePackage {
  readonly name: string;
  /** Relative to the root, e.g. `packages/delta`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

const PACKAGE_MANIFEST = /^((?:packages|apps|examples)\/[^/]+|benchmarks)\/package\.json$/;

export function workspacePackages(tree: SourceTree): readonly WorkspacePackage[] {
  return tree.paths.flatMap((path) => {
    const folder = PACKAGE_MANIFEST.exec(path)?.[1];
    if (folder === undefined) return [];
    const manifest = JSON.parse(tree.text(path)) as Manifest;
    return [{ name: manifest.name ?? folder, folder, manifest }];
  });
}

export function rootManifest(tree: SourceTree): Manifest {
  return tree.has("package.json") ? (JSON.parse(tree.text("package.json")) as Manifest) : {};
}

/**
 * Tests may use more than what a package ships: `*.test.ts` and `*.fixture.ts` beside the code, neither of which is
 * built, and the apps' `test` folders.
 */
export function isTestFile(path: string): boolean {
  return /\.(test|fixture)\.(ts|tsx|mjs)$/.test(path) || /^apps\/[^/]+\/test\//.test(path);
}

/** `@scope/name/deep/path` -> `@scope/name`; undefined for relative specifiers and Node's own modules. */
export function packageNameOf(specifier: string): string | undefined {
  if (/^(\.|\/|node:|#|file:|data:)/.test(specifier)) return undefined;
  const [first = "", second] = specifier.split("/");
  return first.startsWith("@") && second !== undefined ? `${first}/${second}` : first;
}

/**
 * The source file that an import inside the repository means, or undefined for anything else. Workspace packages are
 * resolved by the `scouter-source` condition of their `exports`, as the tests do it.
 */
export function resolveInside(
  tree: SourceTree,
  packages: readonly WorkspacePackage[],
  importer: string,
  specifier: string,
): string | undefined {
  if (specifier.startsWith(".")) {
    const path = posix.join(posix.dirname(importer), specifier);
    return tree.has(path) ? path : undefined;
  }
  const target = packages.find(({ name }) => name === packageNameOf(specifier));
  if (target === undefined) return undefined;
  const entry = exportedSource(target.manifest, `.${specifier.slice(target.name.length)}`);
  return entry === undefined ? undefined : posix.join(target.folder, entry);
}

function exportedSource(manifest: Manifest, subpath: string): string | undefined {
  for (const [pattern, conditions] of Object.entries(manifest.exports ?? {})) {
    const source = conditions["scouter-source"];
    if (source === undefined) continue;
    if (pattern === subpath) return source;
    const [head, tail] = pattern.split("*");
    if (tail === undefined || head === undefined) continue;
    if (!subpath.startsWith(head) || !subpath.endsWith(tail)) continue;
    return source.replace("*", subpath.slice(head.length, subpath.length - tail.length));
  }
  return undefined;
}
