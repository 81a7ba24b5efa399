import type { ClaimedEvalRecord, EvalClaim } from "@scouter/database";
import type { EvaluationParts } from "./evaluation-parts.ts";

type LeaseParts = Pick<EvaluationParts, "clock" | "database" | "events" | "config">;

/** Renews the leases of a batch until it is stopped, and knows which were lost. */
export class LeaseKeeper {
  readonly #stopping = new AbortController();
  readonly #lost = new Set<number>();

  constructor(parts: LeaseParts, claimed: readonly ClaimedEvalRecord[]) {
    void this.#keep(
      parts,
      claimed.map(({ claim }) => claim),
    );
  }

  isLost(claim: EvalClaim): boolean {
    return this.#lost.has(claim.recordId);
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #keep({ clock, database, events, config }: LeaseParts, claims: readonly EvalClaim[]) {
    const { leaseMs } = config;
    for (;;) {
      try {
        await clock.sleep(leaseMs / 3, this.#stopping.signal);
        const lost = await database.evalRecords.heartbeat(claims, leaseMs);
        for (const claim of lost) this.#lost.add(claim.recordId);
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        events.onTrouble(error);
      }
    }
  }
}
