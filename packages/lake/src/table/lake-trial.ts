import { systemClock } from "@scouter/contracts";
import {
  type Fault,
  FaultInjectingObjectStore,
  type ObjectStore,
  RetryingObjectStore,
} from "@scouter/delta";

/**
 * How hard a test makes a lake's life. Plain data, so that it goes to worker threads and child processes; no
 * configuration leads here.
 */
export interface LakeTrial {
  /** Share of a store's calls that fail with nothing done, 0 to 1. */
  readonly failingCalls: number;
  /** Share of a store's calls that do their work and then fail, 0 to 1. */
  readonly lostReplies: number;
  /** Files and plans older than this are not committed, milliseconds: how soon a vacuum may follow a removal. */
  readonly maxCommitAgeMs: number;
}

/** The store with its faults, behind the repetition of calls that every remote store has. */
export function storeOnTrial(
  store: ObjectStore,
  trial: LakeTrial | undefined,
  random: () => number = Math.random,
): ObjectStore {
  if (trial === undefined) return store;
  const { failingCalls, lostReplies } = trial;
  const faulty = new FaultInjectingObjectStore(store, (): Fault | undefined => {
    const drawn = random();
    if (drawn < failingCalls) return "fail";
    return drawn < failingCalls + lostReplies ? "lose-reply" : undefined;
  });
  return new RetryingObjectStore(faulty, { clock: systemClock, random });
}
