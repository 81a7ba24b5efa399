import type { RunJudging, RunOutcome, RunRepeat } from "@scouter/contracts";

/** Finished repeats by outcome, and what judges and simulated users cost. */
export type RunTally = Readonly<Record<RunOutcome, number>> & {
  readonly repeats: number;
  /** US dollars that are known to be spent. */
  readonly costUsd: number;
  /** Whether some calls have no known price, so that more was spent. */
  readonly isCostPartial: boolean;
};

export const emptyTally: RunTally = {
  repeats: 0,
  passed: 0,
  failed: 0,
  errored: 0,
  skipped: 0,
  costUsd: 0,
  isCostPartial: false,
};

export function addRepeat(
  tally: RunTally,
  { outcome, judging, simulated_user }: RunRepeat,
): RunTally {
  const spent = [judging, simulated_user].filter((own): own is RunJudging => own !== undefined);
  return {
    ...tally,
    repeats: tally.repeats + 1,
    [outcome]: tally[outcome] + 1,
    costUsd: spent.reduce((sum, own) => sum + (own.cost_usd ?? 0), tally.costUsd),
    isCostPartial: tally.isCostPartial || spent.some((own) => own.cost_usd === null),
  };
}
