/**
 * The right of one process at a time to do maintenance. Losing it without noticing does no harm: the commits of two
 * refuse each other by their epochs.
 */
export interface MaintenanceLease {
  /**
   * Takes the lease, or extends it, for `leaseMs`. Resolves with an epoch above `above` and above every one given
   * before; undefined when another process has the lease.
   */
  take(above: number): Promise<number | undefined>;
  /** Extends it. Resolves with whether this process has it still. */
  extend(): Promise<boolean>;
  release(): Promise<void>;
  readonly leaseMs: number;
}
