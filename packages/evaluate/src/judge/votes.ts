import type { Conclusion } from "../execute/conclusion.ts";
import { majorityOf } from "./compiled-judge.ts";

/** How votes stand; an answer that erred has no vote. */
export interface Tally {
  readonly passed: readonly Conclusion[];
  readonly failed: readonly Conclusion[];
  readonly errored: readonly Conclusion[];
}

/** Casts one vote. Only rejects when everything is to stop. */
export type CastVote = (vote: number) => Promise<Conclusion>;

/**
 * Asks until a majority of `votes` is sure, one way or the other. At once are asked only as many as are needed in any
 * case, so no call is made that could not have counted. Half the votes of an even number are not a majority: that fails.
 */
export async function takeVotes(votes: number, cast: CastVote): Promise<Tally> {
  const tally = {
    passed: [] as Conclusion[],
    failed: [] as Conclusion[],
    errored: [] as Conclusion[],
  };
  let asked = 0;
  for (;;) {
    const needed = votesNeeded(tally, votes);
    const count = Math.min(needed, votes - asked);
    if (count <= 0) return tally;
    const first = asked;
    asked += count;
    const ballots = Array.from({ length: count }, (_, index) => cast(first + index));
    for (const conclusion of await Promise.all(ballots)) tally[conclusion.outcome].push(conclusion);
  }
}

/** Votes without which neither side can be sure; 0 when one is. */
function votesNeeded(tally: Tally, votes: number): number {
  const toPass = majorityOf(votes) - tally.passed.length;
  const toFail = votes - majorityOf(votes) + 1 - tally.failed.length;
  return Math.max(0, Math.min(toPass, toFail));
}

export function decided(tally: Tally, votes: number): "passed" | "failed" | undefined {
  if (tally.passed.length >= majorityOf(votes)) return "passed";
  return tally.failed.length > votes - majorityOf(votes) ? "failed" : undefined;
}
