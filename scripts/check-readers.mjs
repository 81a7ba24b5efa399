/**
 * Lets another engine read a table of ours, after checkpoint, clean-up and vacuum. Needs Python 3.10 or newer, whose
 * package index it asks once; not part of `npm run check`.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPinnedNode } from "./pinned-node.mjs";

const PACKAGES = ["deltalake==1.6.6", "pyarrow==26.0.1"];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scripts = join(root, "packages", "delta", "scripts");
const environment = join(root, "node_modules", ".cache", "scouter-readers");
const python = join(environment, "bin", "python");
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: "inherit" });

const marker = join(environment, PACKAGES.join("+"));
if (!existsSync(marker)) {
  run("python3", "-m", "venv", "--clear", environment);
  run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PACKAGES);
  mkdirSync(marker);
}
const folder = mkdtempSync(join(tmpdir(), "scouter-readers-"));
try {
  const source = "--conditions=scouter-source";
  run(findPinnedNode(root).path, source, join(scripts, "write-own-table.ts"), folder);
  run(python, join(scripts, "read-own-table.py"), folder);
} finally {
  rmSync(folder, { recursive: true });
}
