/**
 * The end-to-end tests that kill the server at random, for longer than `npm run check` does:
 * `npm run chaos [-- --rounds N] [-- name-part ...]`.
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { toolPath } from "./check/suites.mjs";
import { findPinnedNode } from "./pinned-node.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "20" } },
  allowPositionals: true,
});
if (!/^[1-9]\d*$/.test(values.rounds)) {
  console.error(`--rounds '${values.rounds}': expected a whole number from 1`);
  process.exit(2);
}

const names = positionals.length === 0 ? testsWithRounds() : positionals;
const vitest = [toolPath(root, "vitest"), "run", "--config", "vitest.e2e.config.ts", ...names];
const child = spawn(findPinnedNode(root).path, vitest, {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, SCOUTER_CHAOS_ROUNDS: values.rounds },
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));

/** The test files that ask how many rounds they are to run. */
function testsWithRounds() {
  const apps = join(root, "apps");
  const files = readdirSync(apps, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".test.ts") && !path.includes("node_modules"),
  );
  return files.filter((path) =>
    readFileSync(join(apps, path), "utf8").includes("SCOUTER_CHAOS_ROUNDS"),
  );
}
