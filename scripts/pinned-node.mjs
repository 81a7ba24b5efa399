// Finds the Node binary that this repository pins. Runs on plain Node >= 20 with no dependency.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The oldest major version that everything here is built and tested for. */
export const REQUIRED_MAJOR = 24;

/**
 * The pinned binary is an optional dependency, one package per platform; the running Node serves where no package
 * fits (another platform, a C library the binary does not run on) and is new enough.
 *
 * @param {string} root folder with package.json and node_modules
 * @returns {{ path: string, version: string, pinned: boolean }}
 * @throws {Error} when neither is there; the message says the remedy
 */
export function findPinnedNode(root) {
  const tried = [];
  for (const path of candidatePaths(root)) {
    const version = versionOf(path);
    if (version !== undefined && majorOf(version) >= REQUIRED_MAJOR) {
      return { path, version, pinned: true };
    }
    tried.push(`${path}: ${version ?? "does not run"}`);
  }
  if (majorOf(process.version) >= REQUIRED_MAJOR) {
    return { path: process.execPath, version: process.version, pinned: false };
  }
  const found = tried.length === 0 ? "its package is not installed" : tried.join("; ");
  throw new Error(
    `no Node ${REQUIRED_MAJOR} for ${process.platform}-${process.arch}: ${found}, and this is Node ${process.version} ` +
      `(run 'npm ci --include=optional', or install Node ${REQUIRED_MAJOR} and run this again with it)`,
  );
}

/** @param {string} version such as v24.1.0 */
export function majorOf(version) {
  return Number(/^v?(\d+)\./.exec(version)?.[1] ?? 0);
}

function candidatePaths(root) {
  const { platform, arch } = process;
  const platformName = platform === "win32" ? "win" : platform;
  const executable = platform === "win32" ? "node.exe" : "node";
  const names = [`node-${platformName}-${arch}`, `node-bin-${platformName}-${arch}`];
  const inPackages = names.map((name) => join(root, "node_modules", name, "bin", executable));
  return inPackages.filter((path) => existsSync(path));
}

function versionOf(path) {
  try {
    return execFileSync(path, ["--version"], { encoding: "utf8", timeout: 20_000 }).trim();
  } catch {
    return undefined; // Wrong C library or a damaged file: the caller tries the next one and lists this one.
  }
}
