import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { errors } from "../errors.ts";

/** The server writes it into a folder before anything else; a folder without it is not ours. */
export const HOME_MARK = "scouter-home.json";
/** The server holds an SQLite lock on the first while it runs and tells in the second who it is. */
const LOCK_FILE = "scouter.lock";
const HOLDER_FILE = "scouter.lock.json";

/**
 * Removes the data of earlier runs. Holds the server's own lock meanwhile, so no server can be using them.
 *
 * @throws CLI_HOME_FOREIGN, CLI_HOME_IN_USE
 */
export function removeHome(home: string): void {
  if (!existsSync(home) || readdirSync(home).length === 0) return;
  if (!existsSync(join(home, HOME_MARK))) throw errors.CLI_HOME_FOREIGN({ home, mark: HOME_MARK });
  const lock = lockHome(home);
  try {
    rmSync(home, { recursive: true });
  } finally {
    lock.close();
  }
}

function lockHome(home: string): DatabaseSync {
  const database = new DatabaseSync(join(home, LOCK_FILE));
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    return database;
  } catch (cause) {
    database.close();
    throw errors.CLI_HOME_IN_USE({ home, holder: holderOf(home) }, { cause });
  }
}

function holderOf(home: string): string {
  try {
    const { pid } = JSON.parse(readFileSync(join(home, HOLDER_FILE), "utf8")) as { pid: number };
    return `process ${String(pid)}`;
  } catch {
    // Written a moment after the lock is taken, so it may be missing; the lock alone decides.
    return "another process";
  }
}
