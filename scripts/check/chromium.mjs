import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDebianKin } from "./debian.mjs";

/**
 * The browser that the tests would find, by the same search.
 *
 * @param {string} root
 * @param {string} node path of a Node that runs TypeScript
 * @returns {string | undefined} path of its program
 */
export function findChromium(root, node) {
  const search = join(root, "packages", "testkit", "src", "browser", "find-chromium.ts");
  const code = `import { findChromium } from ${JSON.stringify(pathToFileURL(search).href)};
    console.log(JSON.stringify(findChromium() ?? null));`;
  const { status, stdout, stderr } = spawnSync(node, ["--input-type=module", "-e", code], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`cannot look for Chromium: ${stderr}`);
  return JSON.parse(stdout) ?? undefined;
}

/** The commands that bring Chromium here: only as root on Debian and its kin, where that is one safe step. */
export function chromiumInstallation() {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !isDebianKin()) return undefined;
  return [
    { program: "apt-get", parameters: ["update", "-q"] },
    {
      program: "apt-get",
      parameters: ["install", "-y", "-q", "--no-install-recommends", "chromium"],
    },
  ];
}
