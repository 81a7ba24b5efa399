import { posix } from "node:path";
import { errorAt, type Finding } from "../finding.ts";
import { HOUSE, TEST_ONLY_PACKAGE, type Room } from "../house.ts";
import { isModule, parsedModule, type ModuleImport } from "../parsed-module.ts";
import type { SourceTree } from "../source-tree.ts";
import {
  isTestFile,
  packageNameOf,
  resolveInside,
  workspacePackages,
  type WorkspacePackage,
} from "../workspace.ts";

/** Packages import only what the house plan allows, by names that the other package exports. */
export function packageArrows(
  tree: SourceTree,
  house: Readonly<Record<string, Room>> = HOUSE,
): readonly Finding[] {
  const packages = workspacePackages(tree);
  return packages.flatMap((self) => {
    const room = house[self.name];
    if (room === undefined) {
      const message = `package '${self.name}' has no row in the house plan (scripts/structure/house.ts)`;
      return [errorAt(`${self.folder}/package.json`, message)];
    }
    return tree.paths
      .filter((path) => path.startsWith(`${self.folder}/`) && isModule(path))
      .flatMap((path) =>
        parsedModule(tree, path).imports.flatMap((statement) => {
          const problem = arrowProblem(tree, packages, self, room, path, statement);
          return problem === undefined ? [] : [errorAt(path, problem, statement.line)];
        }),
      );
  });
}

function arrowProblem(
  tree: SourceTree,
  packages: readonly WorkspacePackage[],
  self: WorkspacePackage,
  room: Room,
  path: string,
  { specifier, typeOnly, dynamic }: ModuleImport,
): string | undefined {
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(path), specifier);
    return target.startsWith(`${self.folder}/`)
      ? undefined
      : `'${specifier}' leaves the package; import the other package by its name`;
  }
  const other = packages.find(({ name }) => name === packageNameOf(specifier));
  if (other === undefined) return undefined;
  if (other.name === self.name) return `imports its own package by name; import the file`;
  const source = resolveInside(tree, packages, path, specifier);
  if (source === undefined || !tree.has(source)) {
    return `'${specifier}' is not exported by ${other.folder}/package.json`;
  }
  if (other.name === TEST_ONLY_PACKAGE && isTestFile(path)) return undefined;
  if (!room.mayImport.includes(other.name)) {
    const allowed = room.mayImport.join(", ") || "none";
    return `${self.name} may not import ${other.name}; allowed: ${allowed}`;
  }
  if (room.onlyLazily?.includes(other.name) && !typeOnly && !dynamic && !isTestFile(path)) {
    return `${other.name} must be loaded by import() here, where it is needed`;
  }
  return undefined;
}
