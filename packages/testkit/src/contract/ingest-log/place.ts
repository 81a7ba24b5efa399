import type { Clock } from "@scouter/contracts";
import type { IngestLog } from "@scouter/lake";
import { ManualClock } from "../../clock/manual-clock.ts";

/** One place where logs live, empty at first. */
export interface IngestLogSubject {
  /** Opens the log as a new process would. Every call comes with an owner never used before. */
  readonly open: (owner: string, clock: Clock) => Promise<IngestLog>;
  /** Ends the "process" of a log as a kill would: nothing of it runs on, and it is not closed. */
  readonly abandon: (log: IngestLog) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Makes a place that is closed after its test. */
export type Make = () => Promise<Place>;

/** A subject with a clock, its open logs, and owners that look like fresh UUIDv7s. */
export class Place {
  readonly clock = new ManualClock();
  readonly #subject: IngestLogSubject;
  readonly #logs = new Set<IngestLog>();
  #owners = 0;

  constructor(subject: IngestLogSubject) {
    this.#subject = subject;
  }

  async open(): Promise<IngestLog> {
    const owner = `0193f1a0-0000-7000-8000-${String(++this.#owners).padStart(12, "0")}`;
    const log = await this.#subject.open(owner, this.clock);
    this.#logs.add(log);
    return log;
  }

  /** Ends one log and opens the next one, as a restart does. */
  async restart(log: IngestLog, how: "closed" | "killed"): Promise<IngestLog> {
    await (how === "closed" ? this.#end(log) : this.abandon(log));
    return this.open();
  }

  async abandon(log: IngestLog): Promise<void> {
    this.#logs.delete(log);
    await this.#subject.abandon(log);
  }

  async close(): Promise<void> {
    for (const log of this.#logs) await this.#end(log);
    await this.#subject.close();
  }

  async #end(log: IngestLog): Promise<void> {
    this.#logs.delete(log);
    await log.close();
  }
}
