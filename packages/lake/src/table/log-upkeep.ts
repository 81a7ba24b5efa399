import type { DeltaTable } from "@scouter/delta";

/**
 * Stores a checkpoint when one is due after a commit, and cleans the log below it, beside whatever else runs. Nothing
 * but the time that opening the table takes depends on it, so a failure is left to the next one.
 */
export class LogUpkeep {
  readonly #table: DeltaTable;
  #running: Promise<unknown> = Promise.resolve();
  #checkpointAt: number;

  constructor(table: DeltaTable) {
    this.#table = table;
    this.#checkpointAt = this.#nextDue();
  }

  onCommit(): void {
    if (this.#table.snapshot.version < this.#checkpointAt) return;
    this.#checkpointAt = this.#nextDue();
    this.#running = this.#running
      .then(() => this.#table.checkpoint())
      .then(() => this.#table.cleanLog())
      .catch(() => undefined);
  }

  async settled(): Promise<void> {
    await this.#running;
  }

  /** The next multiple of the interval: of several processes that commit, any one may be the one that reaches it. */
  #nextDue(): number {
    const { checkpointInterval } = this.#table.properties;
    return (Math.floor(this.#table.snapshot.version / checkpointInterval) + 1) * checkpointInterval;
  }
}
