import type { DeliveryStats, DropReason } from "./delivery-stats.ts";

/** Counts of one alias. What is pending is counted by the buffer itself, so that the identity can fail if we err. */
export class AliasLedger {
  offered = 0;
  sampledOut = 0;
  inFlight = 0;
  acknowledged = 0;
  spooled = 0;
  readonly dropped: Record<DropReason, number> = { full: 0, invalid: 0, closed: 0 };
  readonly rejected = new Map<string, number>();

  reject(code: string): void {
    this.rejected.set(code, (this.rejected.get(code) ?? 0) + 1);
  }

  stats(pending: number): DeliveryStats {
    return {
      offered: this.offered,
      sampledOut: this.sampledOut,
      dropped: { ...this.dropped },
      pending,
      inFlight: this.inFlight,
      acknowledged: this.acknowledged,
      spooled: this.spooled,
      rejected: Object.fromEntries(this.rejected),
    };
  }
}
