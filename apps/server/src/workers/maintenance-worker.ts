import type { Clock } from "@scouter/contracts";
import type { Database } from "@scouter/database";

/** The embedded database writes its log without end until it is told to make a checkpoint. */
const INTERVAL_MS = 60_000;

/** A sender that was cut off from us for longer than this may find a message stored twice. */
const MESSAGES_REMEMBERED_MS = 7 * 24 * 3_600_000;

const DAY_MS = 24 * 3_600_000;

export interface MaintenanceWorkerParts {
  readonly database: Pick<Database, "maintain" | "messages" | "traceBaggage">;
  readonly clock: Clock;
  /** Days that spans stay in the lake, and so long what they carried stays here; 0 keeps all. */
  readonly traceRetentionDays: number;
  /** May not throw. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Runs the database's maintenance on a timer: its own, and the forgetting of messages long received and of the baggage of
 * expired traces.
 */
export class MaintenanceWorker {
  readonly #stopping = new AbortController();
  readonly #parts: MaintenanceWorkerParts;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: MaintenanceWorkerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when a run under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { database, clock, onTrouble } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await clock.sleep(INTERVAL_MS, signal);
        await database.messages.forget(MESSAGES_REMEMBERED_MS);
        await this.#forgetBaggage();
        await database.maintain();
      } catch (error) {
        if (!signal.aborted) onTrouble(error);
      }
    }
  }

  async #forgetBaggage(): Promise<void> {
    const { database, traceRetentionDays } = this.#parts;
    if (traceRetentionDays === 0) return;
    const olderThanMs = traceRetentionDays * DAY_MS;
    while (!this.#stopping.signal.aborted && (await database.traceBaggage.forget(olderThanMs)) > 0);
  }
}
