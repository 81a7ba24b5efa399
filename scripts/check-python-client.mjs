/**
 * Runs the published Python client against our server: profiles, records, traces, charts, over HTTP and gRPC. Needs
 * Python 3.10 or newer, whose package index it asks once; not part of `npm run check`. With `--record` it also writes
 * what the client sent to the golden file that `npm run check` replays.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPinnedNode } from "./pinned-node.mjs";

const PACKAGES = [
  "scouter-ml==0.25.0",
  "numpy==2.4.6",
  "opentelemetry-sdk==1.45.2",
  "opentelemetry-instrumentation==0.66b2",
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "apps", "server", "test", "python-client");
const environment = join(root, "node_modules", ".cache", "scouter-python-client");
const python = join(environment, "bin", "python");
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: "inherit" });

const marker = join(environment, PACKAGES.join("+"));
if (!existsSync(marker)) {
  run("python3", "-m", "venv", "--clear", environment);
  run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PACKAGES);
  mkdirSync(marker);
}
try {
  const source = "--conditions=scouter-source";
  const main = join(folder, "main.ts");
  const golden = join(folder, "golden", "client-0.25.0.json");
  const record = process.argv.includes("--record") ? ["--record", golden] : [];
  const program = join(folder, "conformance.py");
  run(findPinnedNode(root).path, source, main, ...record, python, program);
} catch (error) {
  if (error.status === undefined) throw error;
  process.exitCode = error.status ?? 1;
}
