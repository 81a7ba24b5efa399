#!/usr/bin/env node
// Starts the built command, or its sources under --conditions=scouter-source; says what to do when this Node is too old
// or nothing is built.
import { existsSync } from "node:fs";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const fromSource = process.execArgv.includes("--conditions=scouter-source");
const entry = new URL(fromSource ? "../src/main.ts" : "../dist/main.js", import.meta.url);

if (major < 22 || (major === 22 && minor < 18)) {
  refuse(
    `Node ${process.version} is too old: expected 22.18 or newer ` +
      "(in a checkout, run it with node_modules/.bin/node)",
  );
} else if (!existsSync(entry)) {
  refuse("the scouter command is not built (run 'npm run build' in the folder of the checkout)");
} else {
  if (process.argv[2] === "serve") {
    (await import("@scouter/server/memory-arenas")).limitMemoryArenas(process);
  }
  const { main } = await import(entry.href);
  process.exitCode = await main(process.argv.slice(2));
}

function refuse(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 2;
}
