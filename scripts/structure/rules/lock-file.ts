import { missingOptional } from "../../lock-file/platform-packages.mjs";
import { errorAt, type Finding } from "../finding.ts";
import type { SourceTree } from "../source-tree.ts";

const LOCK = "package-lock.json";

/**
 * The lock file names versions and hashes, not download addresses: it then works with any registry or mirror, and no
 * one's private address is published with it. It also names the binaries of every platform, not only of the one it was
 * written on: without them `npm ci` refuses it, or leaves other platforms without their binary.
 */
export function lockFile(tree: SourceTree): readonly Finding[] {
  if (!tree.has(LOCK)) return [errorAt(LOCK, "is missing; installs would not be repeatable")];
  const text = tree.text(LOCK);
  return [...downloadAddresses(text), ...missingPlatforms(text)];
}

function downloadAddresses(text: string): readonly Finding[] {
  const message = "holds a download address; install with this repository's .npmrc";
  return text
    .split("\n")
    .flatMap((line, index) =>
      /"resolved":\s*"[a-z+]+:\/\//.test(line) ? [errorAt(LOCK, message, index + 1)] : [],
    );
}

function missingPlatforms(text: string): readonly Finding[] {
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, object> };
  return missingOptional(packages).map(({ name, parent }) =>
    errorAt(LOCK, `has no entry for '${name}', which ${parent} may need; run 'npm run lock'`),
  );
}
