#!/usr/bin/env node
// From a fresh clone to a running server with two demos in it. Runs on plain Node >= 20 and npm, no dependency:
// installs, builds, then hands over to `scouter quickstart` on the pinned Node.
//   npm run quickstart                 leaves the server running until Ctrl-C
//   npm run quickstart -- --once       verifies every figure, stops the server, exits 0 or 1
//   npm run quickstart -- --fresh      removes the data of earlier runs first
// DATABASE_URI=postgres://... in front of it puts everything but spans into that PostgreSQL.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPinnedNode } from "./pinned-node.mjs";
import {
  build,
  checkNodeVersion,
  checkNpmVersion,
  install,
  needsInstall,
  PreparationError,
} from "./prepare-checkout.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const startedMs = performance.now();

try {
  process.exitCode = await quickstart(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = error instanceof PreparationError ? error.exitCode : 2;
}

async function quickstart(args) {
  checkNodeVersion();
  if (needsInstall(root)) {
    const npmVersion = checkNpmVersion();
    await step(`install packages (npm ${npmVersion})`, () => install(root));
  } else {
    progress("packages are installed");
  }
  const node = findPinnedNode(root);
  progress(`Node ${node.version}${node.pinned ? ", as pinned here" : ", the one that runs this"}`);
  await step("build", () => build(root, node.path));
  return runCli(node.path, args);
}

async function step(name, work) {
  progress(`${name} ...`);
  const beganMs = performance.now();
  await work();
  progress(`${name}: done in ${seconds(performance.now() - beganMs)}`);
}

function progress(text) {
  process.stderr.write(`[${seconds(performance.now() - startedMs).padStart(7)}] ${text}\n`);
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** The command ends the server in order when it gets a signal, so this process outlives it and passes its code on. */
function runCli(node, args) {
  const bin = join(root, "apps", "cli", "bin", "scouter.mjs");
  const child = spawn(node, [bin, "quickstart", ...args], { cwd: root, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? (signal === null ? 3 : 130)));
  });
}
