import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Oldest major version that Scouter supports. */
const OLDEST_MAJOR = 15;
const DEBIAN_FOLDER = "/usr/lib/postgresql";
const MACOS_FOLDERS = ["/opt/homebrew/opt/postgresql/bin", "/usr/local/opt/postgresql/bin"];

export interface PostgresBinaries {
  /** Folder that holds `initdb` and `postgres`. */
  readonly folder: string;
  readonly major: number;
}

/** The newest installed server of a supported version; undefined when there is none. */
export function findPostgres(): PostgresBinaries | undefined {
  return candidateFolders()
    .filter((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")))
    .map((folder) => ({ folder, major: majorVersion(folder) }))
    .filter(({ major }) => major >= OLDEST_MAJOR)
    .toSorted((a, b) => b.major - a.major)[0];
}

function candidateFolders(): readonly string[] {
  const debian = existsSync(DEBIAN_FOLDER)
    ? readdirSync(DEBIAN_FOLDER).map((version) => join(DEBIAN_FOLDER, version, "bin"))
    : [];
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...debian, ...MACOS_FOLDERS, ...path.map(realFolder)];
}

/** A link to `postgres` in the path leads to the folder with its companions. */
function realFolder(folder: string): string {
  const binary = join(folder, "postgres");
  return existsSync(binary) ? dirname(realpathSync(binary)) : folder;
}

function majorVersion(folder: string): number {
  const text = execFileSync(join(folder, "postgres"), ["--version"], { encoding: "utf8" });
  return Number(/(\d+)/.exec(text)?.[1] ?? 0);
}
