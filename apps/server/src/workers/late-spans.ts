import type { Database } from "@scouter/database";
import type { TraceLake } from "@scouter/lake";
import type { TraceCompletion } from "../trace-activity/trace-completion.ts";

export interface LateSpansParts {
  readonly database: Pick<Database, "evalRecords">;
  readonly lake: Pick<TraceLake, "spansOf">;
  readonly completion: Pick<TraceCompletion, "onSettled" | "look">;
  /** Records that are evaluated again. */
  readonly onAgain: (records: number) => void;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Makes records due again when more spans of their trace came than they were evaluated on, as a new revision. What several
 * processes do of it ends the same. A trace whose notice is lost is not looked at again: its results stay what they were.
 */
export class LateSpans {
  readonly #parts: LateSpansParts;
  readonly #stopping = new AbortController();
  #endListening: () => void = () => undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(parts: LateSpansParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#endListening = this.#parts.completion.onSettled((traceIds) => {
      this.#working = this.#working.then(() => this.#lookAt(traceIds));
    });
  }

  /** Resolves when all that was told so far is looked at. */
  settledSoFar(): Promise<void> {
    return this.#working;
  }

  /** Resolves when what it was doing is done. */
  async stop(): Promise<void> {
    this.#endListening();
    this.#stopping.abort();
    await this.#working;
  }

  /** Never rejects. */
  async #lookAt(traceIds: readonly string[]): Promise<void> {
    for (const traceId of traceIds) {
      if (this.#stopping.signal.aborted) return;
      try {
        await this.#again(traceId);
      } catch (error) {
        this.#parts.onTrouble(error);
      }
    }
  }

  /** A trace is settled again also when nothing new came, as after a flush: the number of its spans tells. */
  async #again(traceId: string): Promise<void> {
    const { database, lake, completion, onAgain } = this.#parts;
    const trace = await completion.look({ traceId });
    if (trace === undefined || trace.revision < 2) return;
    const spans = await lake.spansOf(traceId, { signal: this.#stopping.signal });
    onAgain(await database.evalRecords.againOfTrace(traceId, spans.length));
  }
}
