import type { Clock } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import type { TraceLake } from "@scouter/lake";

/** Payload: who committed. */
export const LAKE_COMMITTED_CHANNEL = "scouter_lake_committed";
/** Many processes commit at the same time; one look at the log sees all of them. */
const GATHER_MS = 20;

export interface LakeNoticesParts {
  readonly database: Pick<Database, "listen" | "sendNotice">;
  readonly clock: Clock;
  /** Unique over processes. */
  readonly processName: string;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Tells other processes that spans were committed, and refreshes when they tell. A notice that is lost costs the refresh
 * interval, never a span.
 */
export class LakeNotices {
  readonly #parts: LakeNoticesParts;
  readonly #stopping = new AbortController();
  #refreshing: Promise<void> | undefined;
  #end: () => Promise<void> = async () => undefined;

  constructor(parts: LakeNoticesParts) {
    this.#parts = parts;
  }

  /** Not waited for: nothing depends on it. */
  committed(): void {
    const { database, processName, onTrouble } = this.#parts;
    if (this.#stopping.signal.aborted) return;
    database.sendNotice(LAKE_COMMITTED_CHANNEL, processName).catch(onTrouble);
  }

  async start(lake: Pick<TraceLake, "refresh">): Promise<void> {
    const { database, processName, onTrouble } = this.#parts;
    try {
      this.#end = await database.listen(LAKE_COMMITTED_CHANNEL, (who) => {
        if (who !== processName) this.#refreshing ??= this.#refresh(lake);
      });
    } catch (error) {
      onTrouble(error);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#end().catch(this.#parts.onTrouble);
    await this.#refreshing;
  }

  async #refresh(lake: Pick<TraceLake, "refresh">): Promise<void> {
    const { clock, onTrouble } = this.#parts;
    const { signal } = this.#stopping;
    await clock.sleep(GATHER_MS, signal).catch(() => undefined); // stopping
    this.#refreshing = undefined;
    if (!signal.aborted) await lake.refresh().catch(onTrouble);
  }
}
