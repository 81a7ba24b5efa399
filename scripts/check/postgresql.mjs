import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const OLDEST_MAJOR = 15;
const DEBIAN_FOLDER = "/usr/lib/postgresql";
const MAC_FOLDERS = ["/opt/homebrew/opt", "/usr/local/opt"];

/**
 * The newest PostgreSQL server on this machine that is new enough, else undefined.
 * @returns {{ folder: string, version: string } | undefined} `folder` holds the `postgres` program
 */
export function findPostgresql() {
  return candidateFolders()
    .filter((folder) => existsSync(join(folder, "postgres")))
    .flatMap((folder) => {
      const version = serverVersion(join(folder, "postgres"));
      return version === undefined || Number.parseInt(version, 10) < OLDEST_MAJOR
        ? []
        : [{ folder, version }];
    })
    .sort((a, b) => Number.parseFloat(b.version) - Number.parseFloat(a.version))[0];
}

function candidateFolders() {
  const fromPath = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const debian = namesIn(DEBIAN_FOLDER).map((major) => join(DEBIAN_FOLDER, major, "bin"));
  const mac = MAC_FOLDERS.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.startsWith("postgresql"))
      .map((name) => join(folder, name, "bin")),
  );
  return [...debian, ...mac, ...fromPath];
}

function namesIn(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function serverVersion(program) {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return /(\d+(?:\.\d+)*)/.exec(stdout ?? "")?.[1];
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

function isDebianKin() {
  const file = "/etc/os-release";
  return (
    existsSync(file) && /^ID(?:_LIKE)?=.*\b(?:debian|ubuntu)\b/m.test(readFileSync(file, "utf8"))
  );
}
