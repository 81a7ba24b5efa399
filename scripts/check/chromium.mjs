import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { isDebianKin } from "./debian.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * Path of a Chromium: the one that SCOUTER_TEST_CHROMIUM names, or the first on the path.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string | undefined}
 */
export function findChromium(env = process.env) {
  const named = env["SCOUTER_TEST_CHROMIUM"];
  if (named !== undefined && named !== "") return existsSync(named) ? named : undefined;
  const folders = [...(env["PATH"] ?? "").split(delimiter), "/usr/bin"].filter(Boolean);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
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
