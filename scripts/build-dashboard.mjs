// Builds apps/dashboard with Vite, unless nothing that it is made of has changed since the last time. Plain Node.
import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const INPUTS = ["src", "public", "index.html", "vite.config.ts", "package.json"];

/**
 * @param {string} root of the repository
 * @param {string} node path of the Node that runs Vite
 * @returns {Promise<"built" | "unchanged">}
 */
export async function buildDashboard(root, node) {
  const folder = join(root, "apps", "dashboard");
  const stamp = join(folder, "dist", ".inputs");
  const inputs = digestOf([
    ...INPUTS.flatMap((name) => filesOf(join(folder, name))),
    join(root, "package-lock.json"),
  ]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === inputs) return "unchanged";
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  await run(node, [vite, "build", "--logLevel", "warn"], folder);
  writeFileSync(stamp, inputs);
  return "built";
}

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

function digestOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

function run(file, args, cwd) {
  const child = spawn(file, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`vite build ended with ${code ?? signal} (its reason is above)`));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  console.log(`dashboard: ${await buildDashboard(root, process.execPath)}`);
}
