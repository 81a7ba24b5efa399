import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDebianKin } from "./debian.mjs";

/**
 * The server that the tests would find, by the same search, so that the summary never promises another one.
 *
 * @param {string} root
 * @param {string} node path of a Node that runs TypeScript
 * @returns {{ folder: string, major: number } | undefined}
 */
export function findPostgresql(root, node) {
  const search = join(root, "packages", "testkit", "src", "postgres", "find-postgres.ts");
  const code = `import { findPostgres } from ${JSON.stringify(pathToFileURL(search).href)};
    console.log(JSON.stringify(findPostgres() ?? null));`;
  const { status, stdout, stderr } = spawnSync(node, ["--input-type=module", "-e", code], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`cannot look for PostgreSQL: ${stderr}`);
  return JSON.parse(stdout) ?? undefined;
}

/** The commands that bring PostgreSQL here: only as root on Debian and its kin, where that is one safe step. */
export function postgresqlInstallation() {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !isDebianKin()) return undefined;
  return [
    { program: "apt-get", parameters: ["update", "-q"] },
    {
      program: "apt-get",
      parameters: ["install", "-y", "-q", "--no-install-recommends", "postgresql"],
    },
  ];
}
