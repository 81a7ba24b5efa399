import type { Finding } from "../finding.ts";
import type { SourceTree } from "../source-tree.ts";
import { decisionNotes } from "./decision-notes.ts";
import { declaredDependencies } from "./declared-dependencies.ts";
import { documentLinks } from "./document-links.ts";
import { documentedPaths } from "./documented-paths.ts";
import { errorCatalogue } from "./error-catalogue.ts";
import { fileLength } from "./file-length.ts";
import { folderNames } from "./folder-names.ts";
import { importCycles } from "./import-cycles.ts";
import { lockFile } from "./lock-file.ts";
import { packageArrows } from "./package-arrows.ts";
import { packageReadmes } from "./package-readmes.ts";
import { unfinishedWork } from "./unfinished-work.ts";

/** A rule looks at the whole tree and says what is wrong; it never changes anything. */
export type Rule = (tree: SourceTree) => readonly Finding[];

export const RULES: Readonly<Record<string, Rule>> = {
  "import-cycles": importCycles,
  "package-arrows": (tree) => packageArrows(tree),
  "declared-dependencies": declaredDependencies,
  "error-catalogue": errorCatalogue,
  "folder-names": folderNames,
  "file-length": fileLength,
  "unfinished-work": unfinishedWork,
  "lock-file": lockFile,
  "documented-paths": documentedPaths,
  "document-links": documentLinks,
  "package-readmes": packageReadmes,
  "decision-notes": decisionNotes,
};
