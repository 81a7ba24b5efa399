import type { Clock } from "@scouter/contracts";
import type { Database } from "./database.ts";

export interface PgliteOptions {
  /** Data folder; made when absent. The caller must hold a lock: PGlite does not notice a second process. */
  readonly folder: string;
  readonly clock: Clock;
}

/**
 * Opens the embedded database in a worker thread and brings its schema up to date.
 *
 * Commits survive a killed process, not a power cut: PGlite never calls fsync.
 */
export function openPglite(options: PgliteOptions): Promise<Database> {
  return Promise.reject(new Error(`not yet able to open ${options.folder}`));
}
