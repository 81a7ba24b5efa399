import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const VERSION = "3.37.0";

/**
 * Starts Microsoft's emulator of Azure's blob store, which is 245 MB in 380 packages: it is installed into a cache when
 * first asked for. Resolves with its address and how to end it.
 */
export async function startAzurite(root, node) {
  const folder = join(root, "node_modules", ".cache", `scouter-azurite-${VERSION}`);
  const entry = join(folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");
  if (!existsSync(entry)) installInto(folder);
  const flags = ["--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--silent"];
  const child = spawn(node, [entry, ...flags], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await listeningAt(child);
  return {
    url,
    async stop() {
      child.kill();
      await once(child, "exit");
    },
  };
}

function installInto(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  execFileSync(npm, ["install", ...options, `azurite@${VERSION}`], {
    cwd: folder,
    stdio: "inherit",
  });
}

async function listeningAt(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/\S+:\d+$/.exec(line.trim()) ?? [];
    if (url && line.includes("successfully listens")) return url;
  }
  throw new Error("azurite ended before it listened");
}
