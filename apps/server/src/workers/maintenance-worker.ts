import type { Clock } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import { Rounds } from "./rounds.ts";

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
  readonly #parts: MaintenanceWorkerParts;
  readonly #rounds: Rounds;

  constructor(parts: MaintenanceWorkerParts) {
    this.#parts = parts;
    const { clock, onTrouble } = parts;
    const intervals = { pauseMs: INTERVAL_MS, firstPauseMs: INTERVAL_MS };
    this.#rounds = new Rounds({ clock, ...intervals, onTrouble });
  }

  start(): void {
    this.#rounds.start(() => this.#maintain());
  }

  /** Resolves when a run under way has ended. */
  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  async #maintain(): Promise<void> {
    const { database } = this.#parts;
    await database.messages.forget(MESSAGES_REMEMBERED_MS);
    await this.#forgetBaggage();
    await database.maintain();
  }

  async #forgetBaggage(): Promise<void> {
    const { database, traceRetentionDays } = this.#parts;
    if (traceRetentionDays === 0) return;
    const olderThanMs = traceRetentionDays * DAY_MS;
    while (!this.#rounds.signal.aborted && (await database.traceBaggage.forget(olderThanMs)) > 0);
  }
}
