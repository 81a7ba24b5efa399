/**
 * Runs one benchmark suite on the pinned Node: `npm run bench -- <suite> [--json] [suite's own options]`.
 * A suite prints one JSON object a line on standard output; `--json` passes them through, else they become a table.
 * Without a suite it lists what there is: every `benchmarks/src/<suite>.ts` except the index.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { figureRow, suiteNames } from "./bench/figures.mjs";
import { findPinnedNode } from "./pinned-node.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const suites = suiteNames(readdirSync(join(root, "benchmarks", "src")));
const [suite, ...options] = process.argv.slice(2);

if (suite === undefined || !suites.includes(suite)) {
  if (suite !== undefined) console.error(`no suite '${suite}'`);
  console.error(`usage: npm run bench -- <suite> [--json]\nsuites: ${suites.join(", ")}`);
  process.exit(suite === undefined ? 0 : 2);
}

const asJson = options.includes("--json");
const passedOn = options.filter((option) => option !== "--json");
const file = join(root, "benchmarks", "src", `${suite}.ts`);
const child = spawn(findPinnedNode(root).path, ["--conditions=scouter-source", file, ...passedOn], {
  cwd: root,
  stdio: ["ignore", asJson ? "inherit" : "pipe", "inherit"],
});
if (child.stdout !== null) {
  createInterface({ input: child.stdout }).on("line", (line) => console.log(figureRow(line)));
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("close", (code) => process.exit(code ?? 1));
