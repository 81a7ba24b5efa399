/**
 * Runs the object stores' contract on emulators by other hands, which check what our own test servers take on trust:
 * Azure's signatures. They are 245 MB in 380 packages, so they are installed here, into a cache, when first asked for;
 * not part of `npm run check`.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { findPinnedNode } from "./pinned-node.mjs";

const AZURITE = "3.37.0";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "node_modules", ".cache", `scouter-azurite-${AZURITE}`);
const entry = join(folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");
const node = findPinnedNode(root).path;

if (!existsSync(entry)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const install = ["install", ...options, `azurite@${AZURITE}`];
  execFileSync(npm, install, { cwd: folder, stdio: "inherit" });
}
const flags = ["--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--silent"];
const azurite = spawn(node, [entry, ...flags], {
  cwd: folder,
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const env = { ...process.env, AZURITE_URL: await listeningAt(azurite) };
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const config = ["run", "-c", "vitest.emulators.config.ts"];
  execFileSync(node, [vitest, ...config], { cwd: root, env, stdio: "inherit" });
} catch (error) {
  if (error.status === undefined) throw error;
  process.exitCode = 1; // the tests have said why
} finally {
  azurite.kill();
  await once(azurite, "exit");
}

async function listeningAt(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/\S+:\d+$/.exec(line.trim()) ?? [];
    if (url && line.includes("successfully listens")) return url;
  }
  throw new Error("azurite ended before it listened");
}
