import { errorAt, type Finding } from "../finding.ts";
import type { SourceTree } from "../source-tree.ts";

const LOCK = "package-lock.json";

/**
 * The lock file names versions and hashes, not download addresses: it then works with any registry or mirror, and no
 * one's private address is published with it.
 */
export function lockFile(tree: SourceTree): readonly Finding[] {
  if (!tree.has(LOCK)) return [errorAt(LOCK, "is missing; installs would not be repeatable")];
  return tree
    .text(LOCK)
    .split("\n")
    .flatMap((text, index) =>
      /"resolved":\s*"[a-z+]+:\/\//.test(text)
        ? [
            errorAt(
              LOCK,
              "holds a download address; install with this repository's .npmrc",
              index + 1,
            ),
          ]
        : [],
    );
}
