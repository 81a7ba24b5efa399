import type { Clock, DispatchConfig } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import { deadLetterTelling } from "../alerts/dead-letter-telling.ts";

export interface DeadLetterWatchParts {
  readonly database: Pick<Database, "deadLetterAlerts">;
  readonly clock: Clock;
  /** Where alerts go of profiles that name the console. */
  readonly standard: DispatchConfig;
  readonly onTrouble: (error: unknown) => void;
}

/** How long a dead letter may go untold. Looking costs a millisecond when nothing changed. */
const INTERVAL_MS = 5000;

/**
 * Opens an alert for a profile as soon as it has dead letters, and ends it when the last was run again or discarded. All
 * processes look; the database lets one of them tell.
 */
export class DeadLetterWatch {
  readonly #parts: DeadLetterWatchParts;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: DeadLetterWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when a look under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, onTrouble } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#look();
        await clock.sleep(INTERVAL_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        onTrouble(error);
        // The signal ends the pause; the loop's condition sees it.
        await clock.sleep(INTERVAL_MS, signal).catch(() => undefined);
      }
    }
  }

  async #look(): Promise<void> {
    const { database, standard } = this.#parts;
    for (const change of await database.deadLetterAlerts.changes()) {
      if (this.#stopping.signal.aborted) return;
      await database.deadLetterAlerts.tell(change, deadLetterTelling(change, standard));
    }
  }
}
