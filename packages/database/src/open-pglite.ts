import type { Clock } from "@scouter/contracts";
import { Kysely } from "kysely";
import { assembleDatabase } from "./assemble-database.ts";
import type { Database } from "./database.ts";
import { DataFolder } from "./driver/pglite/data-folder.ts";
import { PgliteDialect } from "./driver/pglite/pglite-dialect.ts";
import { pgliteListener } from "./driver/pglite/pglite-listener.ts";
import { PgliteWorkerClient } from "./driver/pglite/pglite-worker-client.ts";
import { migrate } from "./migrations/migrate.ts";
import type { Tables } from "./session/tables.ts";

export interface PgliteOptions {
  /** Data folder; made when absent. The caller must hold a lock: PGlite does not notice a second process. */
  readonly folder: string;
  readonly clock: Clock;
}

/** PGlite runs no autovacuum and no checkpointer: without these tables and write-ahead log only grow. */
const MAINTENANCE = ["vacuum (analyze)", "checkpoint"];

/**
 * Opens the embedded database in a worker thread and brings its schema up to date.
 *
 * Commits survive a killed process, not a power cut: PGlite never calls fsync. A first start that was killed half way
 * begins anew.
 *
 * @throws DATABASE_FOLDER_VERSION, DATABASE_FOLDER_UNREADABLE, DATABASE_SCHEMA_NEWER, DATABASE_MIGRATION_FAILED
 */
export async function openPglite(options: PgliteOptions): Promise<Database> {
  const folder = new DataFolder(options.folder);
  await folder.prepare();
  const client = await PgliteWorkerClient.start({ folder: folder.path });
  const db = new Kysely<Tables>({ dialect: new PgliteDialect(client) });
  try {
    await migrate(db);
    await folder.complete();
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return assembleDatabase({
    kind: "pglite",
    capabilities: { durability: "process" },
    db,
    clock: options.clock,
    listener: pgliteListener(client, (work) => db.connection().execute(work)),
    maintenance: MAINTENANCE,
  });
}
