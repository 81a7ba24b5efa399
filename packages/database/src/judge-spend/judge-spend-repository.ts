/**
 * What judges may spend, shared by all processes. The day is the database's (UTC).
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): spent and reserved money of an owner and day never passes
 * the limit by reservations, however many processes reserve at once. A process that dies between `reserve` and `settle`
 * leaves its reservation counted as spent until the day is over: too little is spent then, never too much.
 */
export interface JudgeSpendRepository {
  reserve(request: SpendReservationRequest): Promise<SpendReservation>;
  /** Replaces a reservation by what was really spent, on the day it was made for. To be called once. */
  settle(settlement: SpendSettlement): Promise<void>;
  /** Spent and reserved today, US dollars. */
  spentToday(owner: string): Promise<number>;
}

export interface SpendReservationRequest {
  /** Whose budget: the profile's uid. */
  readonly owner: string;
  /** US dollars, not negative. */
  readonly usd: number;
  /** For the owner and day, US dollars. */
  readonly limitUsd: number;
}

export type SpendReservation =
  | { readonly granted: true; readonly day: string }
  | { readonly granted: false; readonly leftUsd: number };

export interface SpendSettlement {
  readonly owner: string;
  /** As the reservation gave it, `YYYY-MM-DD`. */
  readonly day: string;
  readonly reservedUsd: number;
  readonly usd: number;
}
