/**
 * Packs what an app installs, then installs it as apps do: alone in an empty folder, and in each app of
 * `examples/frameworks`. The folder is kept, so a second run has only what changed to do. Asks npm's registry.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findPinnedNode } from "../pinned-node.mjs";
import { packagesFolder } from "./packages-folder.mjs";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const node = findPinnedNode(root).path;
const folder = packagesFolder(root);
const tarballs = join(folder, "tarballs");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
// The pinned Node first: npm's own scripts and the apps' builds run on it.
const env = { ...process.env, PATH: `${dirname(node)}:${process.env["PATH"] ?? ""}` };

const TOOLS = { publint: "0.3.25", "@arethetypeswrong/cli": "0.18.5", bun: "1.4.5", deno: "2.9.6" };

const packed = await packAll();
const apps = readdirSync(join(root, "examples", "frameworks"), { withFileTypes: true });
await installApp("sdk-alone", { dependencies: packed });
await installApp("tools", { dependencies: TOOLS });
for (const { name } of apps.filter((entry) => entry.isDirectory())) {
  const source = join(root, "examples", "frameworks", name);
  await installApp(name, withPacked(source), source);
  if (existsSync(join(source, "next.config.ts"))) await build(name);
}
console.log(folder);

/** @returns dependencies on the tarballs, by package name */
async function packAll() {
  rmSync(tarballs, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  const dependencies = {};
  for (const name of ownPackages("sdk")) {
    const path = join(root, "packages", name);
    const { stdout } = await run(npm, ["pack", path, "--pack-destination", tarballs, "--silent"], {
      cwd: root,
      env,
    });
    const file = join(tarballs, stdout.trim().split("\n").at(-1));
    // npm reads a tarball of the same name again only when its name changes.
    const digest = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 12);
    const named = join(tarballs, `${name}-${digest}.tgz`);
    cpSync(file, named);
    rmSync(file);
    dependencies[`@scouter/${name}`] = `file:${named}`;
  }
  return dependencies;
}

/** A package of this repository and those that it needs, by folder. */
function ownPackages(name) {
  const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
  const needed = Object.keys(manifest.dependencies ?? {}).flatMap((dependency) =>
    dependency.startsWith("@scouter/") ? ownPackages(dependency.slice("@scouter/".length)) : [],
  );
  return [...new Set([name, ...needed])];
}

function withPacked(source) {
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  return { ...manifest, dependencies: { ...manifest.dependencies, ...packed } };
}

async function installApp(name, manifest, source) {
  const target = join(folder, name);
  const text = JSON.stringify({ private: true, type: "module", ...manifest }, null, 2);
  const marker = join(target, ".installed");
  if (source !== undefined) cpSync(source, target, { recursive: true });
  if (existsSync(marker) && readFileSync(marker, "utf8") === text) {
    writeFileSync(join(target, "package.json"), text);
    return;
  }
  rmSync(join(target, "package-lock.json"), { force: true });
  rmSync(join(target, "node_modules", "@scouter"), { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "package.json"), text);
  console.log(`installing ${name}`);
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefer-offline"];
  await run(npm, ["install", ...flags], { cwd: target, env });
  writeFileSync(marker, text);
}

async function build(name) {
  console.log(`building ${name}`);
  const cwd = join(folder, name);
  const options = { cwd, env: { ...env, NEXT_TELEMETRY_DISABLED: "1" }, maxBuffer: 1 << 26 };
  try {
    await run(node, [join(cwd, "node_modules", "next", "dist", "bin", "next"), "build"], options);
  } catch (error) {
    throw new Error(`${name} does not build:\n${error.stdout}\n${error.stderr}`, { cause: error });
  }
}
