/**
 * Lets other engines (delta-rs, chDB) read tables of ours, after merges, checkpoint, clean-up and vacuum, at every
 * version that is left. Not part of `npm run check`: it installs them when first run.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPinnedNode } from "./pinned-node.mjs";
import { deltaReaders } from "./readers/readers.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = findPinnedNode(root).path;
const readers = deltaReaders(root, node);
const folder = mkdtempSync(join(tmpdir(), "scouter-readers-"));

function run(command, ...parameters) {
  execFileSync(command, parameters, { cwd: root, stdio: "inherit" });
}

function write(name, script) {
  const to = join(folder, name);
  run(node, "--conditions=scouter-source", join(root, "packages", script), to);
  return to;
}

try {
  const lake = write("lake", join("lake", "scripts", "write-own-lake.ts"));
  readers.readVersions(lake);
  const plain = write("plain", join("delta", "scripts", "write-own-table.ts"));
  readers.readVersions(plain);
  run(readers.python(), join(root, "packages", "delta", "scripts", "read-own-table.py"), plain);
} finally {
  rmSync(folder, { recursive: true });
}
