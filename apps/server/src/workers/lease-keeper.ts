import type { ClaimedEvalRecord, EvalClaim } from "@scouter/database";
import type { EvaluationParts } from "./evaluation-parts.ts";

type LeaseParts = Pick<EvaluationParts, "clock" | "database" | "events" | "config">;

/** Renews the leases of a worker's records, all by one question, until they are let go; knows which were lost. */
export class LeaseKeeper {
  readonly #parts: LeaseParts;
  readonly #held = new Map<number, EvalClaim>();
  readonly #lost = new Set<number>();
  #beating: AbortController | undefined;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
  }

  hold(claimed: readonly ClaimedEvalRecord[]): void {
    for (const { claim } of claimed) {
      this.#held.set(claim.recordId, claim);
      this.#lost.delete(claim.recordId);
    }
    if (this.#beating === undefined && this.#held.size > 0) {
      this.#beating = new AbortController();
      void this.#beat(this.#beating.signal);
    }
  }

  isLost(claim: EvalClaim): boolean {
    return this.#lost.has(claim.recordId);
  }

  /** When they are done or given up. */
  letGo(claimed: readonly ClaimedEvalRecord[]): void {
    for (const { claim } of claimed) {
      // The same record may have been claimed anew meanwhile.
      if (this.#holds(claim)) this.#held.delete(claim.recordId);
      this.#lost.delete(claim.recordId);
    }
    if (this.#held.size > 0) return;
    this.#beating?.abort();
    this.#beating = undefined;
  }

  #holds({ recordId, fencing }: EvalClaim): boolean {
    return this.#held.get(recordId)?.fencing === fencing;
  }

  /** Three times in a lease: two may fail. */
  async #beat(signal: AbortSignal): Promise<void> {
    const { clock, database, events, config } = this.#parts;
    for (;;) {
      try {
        await clock.sleep(config.leaseMs / 3, signal);
        const claims = [...this.#held.values()];
        for (const claim of await database.evalRecords.heartbeat(claims, config.leaseMs)) {
          if (this.#holds(claim)) this.#lost.add(claim.recordId);
        }
      } catch (error) {
        if (signal.aborted) return;
        events.onTrouble(error);
      }
    }
  }
}
