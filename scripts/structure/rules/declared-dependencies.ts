import { isBuiltin } from "node:module";
import { errorAt, type Finding } from "../finding.ts";
import { USED_WITHOUT_IMPORT } from "../house.ts";
import { isModule, parsedModule } from "../parsed-module.ts";
import type { SourceTree } from "../source-tree.ts";
import {
  isTestFile,
  packageNameOf,
  rootManifest,
  workspacePackages,
  type WorkspacePackage,
} from "../workspace.ts";

const EXACT_VERSION = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.-]+)*$/;

/** What a package imports is what its manifest declares, no more and no less, in exact versions. */
export function declaredDependencies(tree: SourceTree): readonly Finding[] {
  const packages = workspacePackages(tree);
  const root = rootManifest(tree);
  const forTests = { ...root.devDependencies, ...root.dependencies };
  return packages.flatMap((self) => [
    ...undeclaredImports(tree, self, forTests),
    ...unusedDependencies(tree, self),
    ...inexactVersions(self, packages),
  ]);
}

function modulesOf(tree: SourceTree, self: WorkspacePackage): readonly string[] {
  return tree.paths.filter((path) => path.startsWith(`${self.folder}/`) && isModule(path));
}

function undeclaredImports(
  tree: SourceTree,
  self: WorkspacePackage,
  forTests: Readonly<Record<string, string>>,
): readonly Finding[] {
  const { dependencies, optionalDependencies, peerDependencies, devDependencies } = self.manifest;
  const shipped = { ...dependencies, ...optionalDependencies, ...peerDependencies };
  const tested = { ...shipped, ...devDependencies, ...forTests };
  return modulesOf(tree, self).flatMap((path) => {
    const declared = isTestFile(path) ? tested : shipped;
    return parsedModule(tree, path).imports.flatMap(({ specifier, line }) => {
      const name = packageNameOf(specifier);
      if (name === undefined || name === self.name || name in declared) return [];
      if (isBuiltin(specifier)) {
        return [errorAt(path, `write 'node:${specifier}' for Node's own module`, line)];
      }
      const section = isTestFile(path) ? "devDependencies" : "dependencies";
      const message = `'${name}' is not declared; add it to ${section} of ${self.folder}/package.json`;
      return [errorAt(path, message, line)];
    });
  });
}

function unusedDependencies(tree: SourceTree, self: WorkspacePackage): readonly Finding[] {
  const modules = modulesOf(tree, self);
  const shipped = modules.filter((path) => !isTestFile(path));
  const { dependencies, devDependencies, optionalDependencies } = self.manifest;
  const unused = (section: object | undefined, paths: readonly string[]) =>
    Object.keys(section ?? {}).filter(
      (name) =>
        !name.startsWith("@types/") &&
        !(name in USED_WITHOUT_IMPORT) &&
        !paths.some((path) => mentions(tree, path, name)),
    );
  return [
    ...unused({ ...dependencies, ...optionalDependencies }, shipped),
    ...unused(devDependencies, modules),
  ].map((name) => errorAt(`${self.folder}/package.json`, `'${name}' is declared but not imported`));
}

/** By import, or by name in a string: data packages are found through `require.resolve` and the like. */
function mentions(tree: SourceTree, path: string, name: string): boolean {
  for (const text of parsedModule(tree, path).strings) {
    if (text === name || text.startsWith(`${name}/`)) return true;
  }
  return false;
}

function inexactVersions(
  self: WorkspacePackage,
  packages: readonly WorkspacePackage[],
): readonly Finding[] {
  const { dependencies, devDependencies, optionalDependencies } = self.manifest;
  const sections = { ...devDependencies, ...optionalDependencies, ...dependencies };
  return Object.entries(sections).flatMap(([name, range]) => {
    const inside = packages.find((other) => other.name === name);
    const wanted = inside?.manifest.version;
    if (wanted !== undefined && range !== wanted) {
      const message = `'${name}' is '${range}' here but ${wanted} in this repository`;
      return [errorAt(`${self.folder}/package.json`, message)];
    }
    if (EXACT_VERSION.test(range)) return [];
    const message = `'${name}' has the range '${range}'; state one exact version`;
    return [errorAt(`${self.folder}/package.json`, message)];
  });
}
