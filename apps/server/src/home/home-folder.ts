import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { acquireHomeLock, lockFileNames, type HomeLock, type LockHolder } from "./home-lock.ts";

const MARK_FILE = "scouter-home.json";

/** Format of the folder's layout. A release that cannot read an older one must convert it. */
export const HOME_FORMAT = 1;

/**
 * Makes the folder when absent, checks that it is ours and of a known format, and locks it.
 *
 * @throws `SERVER_HOME_LOCKED`, `SERVER_HOME_FOREIGN`, `SERVER_HOME_FORMAT_UNKNOWN`, `SERVER_HOME_UNUSABLE`
 */
export function openHome(home: string, holder: LockHolder): HomeLock {
  // Looked at before anything is written: a wrong path must not leave a trace.
  onFileSystem(home, () => {
    mkdirSync(home, { recursive: true });
    checkOwnership(home);
  });
  const lock = acquireHomeLock(home, holder);
  try {
    onFileSystem(home, () => checkOrWriteMark(home, holder.startedAt));
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * The same for a folder that several processes may share, since nothing in it but the lake is used: no lock.
 *
 * @throws `SERVER_HOME_FOREIGN`, `SERVER_HOME_FORMAT_UNKNOWN`, `SERVER_HOME_UNUSABLE`
 */
export function openSharedHome(home: string, startedAt: string): void {
  onFileSystem(home, () => {
    mkdirSync(home, { recursive: true });
    checkOwnership(home);
    checkOrWriteMark(home, startedAt);
  });
}

function checkOwnership(home: string): void {
  const names = readdirSync(home);
  if (names.includes(MARK_FILE)) return;
  const isOurs = (name: string) => lockFileNames.includes(name) || name.startsWith(MARK_FILE);
  const found = names.find((name) => !isOurs(name));
  if (found !== undefined) throw errors.SERVER_HOME_FOREIGN({ home, found });
}

function checkOrWriteMark(home: string, startedAt: string): void {
  const markFile = path.join(home, MARK_FILE);
  if (!readdirSync(home).includes(MARK_FILE)) {
    const mark = { format: HOME_FORMAT, created_at: startedAt };
    // Renamed into place: a process that starts at the same time sees a whole mark or none.
    const draft = `${markFile}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(mark)}\n`, { flush: true });
    renameSync(draft, markFile);
    return;
  }
  const format = formatOf(readFileSync(markFile, "utf8"));
  if (!Number.isInteger(format) || Number(format) < 1 || Number(format) > HOME_FORMAT) {
    const found = format === undefined ? "unknown" : JSON.stringify(format);
    throw errors.SERVER_HOME_FORMAT_UNKNOWN({ home, found, known: HOME_FORMAT });
  }
}

function formatOf(mark: string): unknown {
  try {
    return (JSON.parse(mark) as { readonly format?: unknown } | null)?.format;
  } catch {
    // A mark that is not JSON is a mark of a format we do not know.
    return undefined;
  }
}

function onFileSystem(home: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    if (isScouterError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw errors.SERVER_HOME_UNUSABLE({ home, reason }, { cause: error });
  }
}
