/** Takes the dashboard's pictures in the docs again: the browser tests make them, the docs' page says which are kept. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { toolPath } from "./check/suites.mjs";
import { findPinnedNode } from "./pinned-node.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, "docs", "dashboard.md");
const node = findPinnedNode(root).path;
const taken = mkdtempSync(join(tmpdir(), "scouter-screenshots-"));
process.on("exit", () => rmSync(taken, { recursive: true, force: true }));

run(["scripts/build-dashboard.mjs"]);
run([toolPath(root, "vitest"), "run", "--config", "vitest.dashboard.config.ts"]);
mkdirSync(join(root, "docs", "images", "dashboard"), { recursive: true });
for (const [, name] of readFileSync(page, "utf8").matchAll(/\(images\/dashboard\/(.+?)\)/g)) {
  copyFileSync(join(taken, name), join(root, "docs", "images", "dashboard", name));
}

function run(parameters) {
  const env = { ...process.env, SCOUTER_SCREENSHOTS: taken };
  const { status } = spawnSync(node, parameters, { cwd: root, env, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
