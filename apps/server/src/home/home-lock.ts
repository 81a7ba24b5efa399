import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { errors } from "../errors.ts";

/** Who holds a lock, for the message that a second process gets. */
export interface LockHolder {
  readonly pid: number;
  readonly hostName: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

export interface HomeLock {
  /** Idempotent. */
  release(): void;
}

const LOCK_FILE = "scouter.lock";
const HOLDER_FILE = "scouter.lock.json";
export const lockFileNames: readonly string[] = [LOCK_FILE, `${LOCK_FILE}-journal`, HOLDER_FILE];

const SQLITE_BUSY = 5;

/** A connection that is collected as garbage closes, and its lock goes with it: held ones are kept reachable here. */
const heldDatabases = new Set<DatabaseSync>();

/**
 * Takes the exclusive right to use the folder, which must exist, until `release` or the end of the process.
 *
 * The right is a lock of the operating system on a file, taken through the SQLite that is part of Node: the kernel
 * drops it when the process dies, however it dies, so nothing needs to be cleaned up, no start can see a stale lock,
 * and of two processes that start together exactly one gets it. A file with a process id has none of the three. The
 * file next to it says who the holder is and decides nothing.
 *
 * @throws `SERVER_HOME_LOCKED` when another process, or this one, holds it; `SERVER_HOME_UNUSABLE` when the file
 * system refuses.
 */
export function acquireHomeLock(home: string, holder: LockHolder): HomeLock {
  const database = lockedDatabase(home);
  heldDatabases.add(database);
  const holderFile = path.join(home, HOLDER_FILE);
  writeFileSync(holderFile, `${JSON.stringify(holder)}\n`);
  return {
    release() {
      if (!heldDatabases.delete(database)) return;
      rmSync(holderFile, { force: true });
      database.close();
    },
  };
}

function lockedDatabase(home: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path.join(home, LOCK_FILE));
    // No statement changes the file, so it stays empty; the open transaction is the lock.
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database?.close();
    if (isBusy(error)) {
      throw errors.SERVER_HOME_LOCKED({ home, holder: describeHolder(home) }, { cause: error });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw errors.SERVER_HOME_UNUSABLE({ home, reason }, { cause: error });
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

function describeHolder(home: string): string {
  try {
    const text = readFileSync(path.join(home, HOLDER_FILE), "utf8");
    const { pid, hostName, startedAt } = JSON.parse(text) as LockHolder;
    return `process ${pid} on '${hostName}', started ${startedAt}`;
  } catch {
    // The holder has the lock but has not written its name yet: a matter of a millisecond.
    return "another process that is just starting";
  }
}
