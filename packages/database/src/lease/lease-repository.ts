/**
 * Time-limited rights to work that one process at a time should do, by name. All times are the database's.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): a lease whose time is over may go to anybody; work under
 * a lease must still be harmless when two do it, because a paused holder does not know that its time is over.
 */
export interface LeaseRepository {
  /** Takes the lease, or extends it when `holder` has it. Resolves with whether `holder` has it now. */
  acquire(request: LeaseRequest): Promise<boolean>;
  /**
   * As `acquire`; resolves with an epoch above `above` and above every other that this lease ever had, or undefined when
   * `holder` does not have it. What is stored with its epoch can refuse a holder whose time was over without its knowing.
   */
  acquireEpoch(request: LeaseRequest, above: number): Promise<number | undefined>;
  /** Gives it back at once; nothing when `holder` does not have it. */
  release(name: string, holder: string): Promise<void>;
}

export interface LeaseRequest {
  readonly name: string;
  /** Unique over processes. */
  readonly holder: string;
  readonly leaseMs: number;
}
