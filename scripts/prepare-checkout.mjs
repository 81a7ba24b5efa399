// Brings a checkout to the point where its programs run: versions, packages, build. Plain Node >= 20, no dependency.
import { spawn, execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { buildDashboard } from "./build-dashboard.mjs";
import { majorOf } from "./pinned-node.mjs";

const OLDEST_NODE_MAJOR = 20;
const OLDEST_NPM_MAJOR = 9;

/** A refusal that the user can act on: printed without a stack, exit code 2. */
export class PreparationError extends Error {
  /**
   * @param {string} message
   * @param {number} exitCode
   */
  constructor(message, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** @param {string} version of the running Node */
export function checkNodeVersion(version = process.version) {
  if (majorOf(version) >= OLDEST_NODE_MAJOR) return;
  throw new PreparationError(
    `Node ${version} is too old: expected ${OLDEST_NODE_MAJOR} or newer (install it from nodejs.org)`,
  );
}

/** @returns {string} version of npm */
export function checkNpmVersion() {
  const { file, args } = npmCommand();
  let version;
  try {
    version = execFileSync(file, [...args, "--version"], npmOptions("utf8")).trim();
  } catch (cause) {
    const remedy = "install it together with Node from nodejs.org";
    throw new PreparationError(`npm does not run: ${cause.message} (${remedy})`);
  }
  if (majorOf(version) >= OLDEST_NPM_MAJOR) return version;
  throw new PreparationError(
    `npm ${version} is too old: expected ${OLDEST_NPM_MAJOR} or newer (run 'npm install --global npm')`,
  );
}

/**
 * Whether packages must be installed: npm writes `node_modules/.package-lock.json` as its last step, so a missing one
 * also tells of an installation that was cut short.
 *
 * @param {string} root
 */
export function needsInstall(root) {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return true;
  const lock = join(root, "package-lock.json");
  return existsSync(lock) && statSync(lock).mtimeMs > statSync(installed).mtimeMs;
}

/**
 * Install scripts are left out: nothing here needs them, and they are code of others that would run unasked.
 *
 * @param {string} root
 */
export async function install(root) {
  const verb = existsSync(join(root, "package-lock.json")) ? "ci" : "install";
  const { file, args } = npmCommand();
  // Only errors: npm would warn of every package that asks for a newer Node than the one it runs on itself.
  const quiet = ["--loglevel=error", "--no-audit", "--no-fund"];
  const command = [...args, verb, "--ignore-scripts", ...quiet];
  const code = await run(file, command, { cwd: root, ...npmOptions() });
  if (code === 0) return;
  throw new PreparationError(
    `npm ${verb} ended with ${code} (its reason is above; check the network and the registry setting, then run this again)`,
  );
}

/**
 * @param {string} root
 * @param {string} node path of the Node that runs the compiler and Vite
 */
export async function build(root, node) {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const code = await run(node, [compiler, "-b", "tsconfig.build.json"], { cwd: root });
  if (code !== 0) throw new PreparationError(`tsc -b ended with ${code} (its reason is above)`, 3);
  await buildDashboard(root, node).catch((error) => {
    throw new PreparationError(`the dashboard was not built: ${error.message}`, 3);
  });
}

/** npm as the caller runs it; its own file where npm started us, because `npm` on the path may be a shim. */
function npmCommand() {
  const own = process.env.npm_execpath;
  if (own !== undefined && /npm-cli\.c?js$/.test(own))
    return { file: process.execPath, args: [own] };
  return { file: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
}

/** npm must not run on the Node that it is about to replace: node_modules/.bin leaves the path. */
function npmOptions(encoding) {
  const path = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join("node_modules", ".bin")))
    .join(delimiter);
  const shell = process.platform === "win32" && npmCommand().args.length === 0;
  return { env: { ...process.env, PATH: path }, shell, ...(encoding ? { encoding } : {}) };
}

function run(file, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
}
