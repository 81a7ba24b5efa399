import type { Clock } from "@scouter/contracts";
import type { Database } from "@scouter/database";

/** The embedded database writes its log without end until it is told to make a checkpoint. */
const INTERVAL_MS = 60_000;

/** A sender that was cut off from us for longer than this may find a message stored twice. */
const MESSAGES_REMEMBERED_MS = 7 * 24 * 3_600_000;

/** Runs the database's maintenance on a timer: its own, and the forgetting of messages long received. */
export class MaintenanceWorker {
  readonly #stopping = new AbortController();
  readonly #database: Pick<Database, "maintain" | "messages">;
  readonly #clock: Clock;
  readonly #onTrouble: (error: unknown) => void;
  #running: Promise<void> = Promise.resolve();

  constructor(
    database: Pick<Database, "maintain" | "messages">,
    clock: Clock,
    onTrouble: (error: unknown) => void,
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#onTrouble = onTrouble;
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
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#clock.sleep(INTERVAL_MS, signal);
        await this.#database.messages.forget(MESSAGES_REMEMBERED_MS);
        await this.#database.maintain();
      } catch (error) {
        if (!signal.aborted) this.#onTrouble(error);
      }
    }
  }
}
