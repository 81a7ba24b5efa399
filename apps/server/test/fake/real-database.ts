import { systemClock } from "@scouter/contracts";
import { openPglite, type Database } from "@scouter/database";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface RealDatabase {
  readonly database: Database;
  remove(): Promise<void>;
}

/** An embedded database in a folder of its own, for routes that are little more than their queries. */
export async function realDatabase(): Promise<RealDatabase> {
  const home = await mkdtemp(join(tmpdir(), "scouter-routes-"));
  const database = await openPglite({ folder: join(home, "database"), clock: systemClock });
  return {
    database,
    async remove() {
      await database.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

const HOUR_MS = 3_600_000;

/** The query of an hour to both sides of now: rows get the database's time. */
export function aroundNow(nowMs = Date.now()): string {
  const time = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
  return `start=${time(nowMs - HOUR_MS)}&end=${time(nowMs + HOUR_MS)}`;
}
