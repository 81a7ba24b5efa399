import type { RunScenario } from "@scouter/contracts";
import { type Observation, observationOf, tally, type Tally } from "./observation.ts";

/** How steady one run is; every share is of the scenarios with a known outcome, null without any. */
export interface Flakiness {
  readonly scenarios: number;
  /** Scenarios that passed in some repeats and not in others, by id. */
  readonly flaky: readonly string[];
  /** pass@k: passed in at least one repeat. */
  readonly passedOnce: number | null;
  /** pass^k: passed in every repeat. */
  readonly passedAlways: number | null;
  /** Share of neighbouring repeats that ended differently; null when nothing was repeated. */
  readonly flipRate: number | null;
  /** For every k up to the most repeats: what fewer repeats would have said. */
  readonly curve: readonly PassAtK[];
}

/**
 * Of k repeats drawn from those that a scenario has: the probability that at least one passed (pass@k, the unbiased estimate
 * of Chen et al. 2021, arXiv 2107.03374) and that all did (pass^k, Yao et al. 2024, arXiv 2406.12045). Means over the
 * scenarios with k known outcomes or more.
 */
export interface PassAtK {
  readonly k: number;
  readonly scenarios: number;
  readonly atLeastOne: number;
  readonly all: number;
}

export function flakinessOf(scenarios: readonly RunScenario[]): Flakiness {
  const known = scenarios
    .map(({ id, repeats }) => {
      const observations = repeats.map(observationOf).filter(isOutcome);
      return { id, observations, tally: tally(observations) };
    })
    .filter((own) => own.tally.runs > 0);
  const neighbours = known.flatMap(({ observations }) =>
    observations.slice(1).map((own, index) => own !== observations[index]),
  );
  const share = (count: number, of: number) => (of === 0 ? null : count / of);
  const once = known.filter((own) => own.tally.passed > 0).length;
  const always = known.filter((own) => own.tally.passed === own.tally.runs).length;
  return {
    scenarios: known.length,
    flaky: known.filter((own) => isFlaky(own.tally)).map(({ id }) => id),
    passedOnce: share(once, known.length),
    passedAlways: share(always, known.length),
    flipRate: share(neighbours.filter(Boolean).length, neighbours.length),
    curve: curveOf(known.map((own) => own.tally)),
  };
}

/** More repeats than this say nothing new about how steady an agent is. */
const LONGEST_CURVE = 20;

function curveOf(tallies: readonly Tally[]): readonly PassAtK[] {
  const most = tallies.reduce((longest, { runs }) => Math.max(longest, runs), 0);
  return Array.from({ length: Math.min(most, LONGEST_CURVE) }, (_, index) => {
    const k = index + 1;
    const long = tallies.filter(({ runs }) => runs >= k);
    const meanOf = (value: (own: Tally) => number) =>
      long.reduce((sum, own) => sum + value(own), 0) / long.length;
    return {
      k,
      scenarios: long.length,
      atLeastOne: 1 - meanOf(({ runs, passed }) => shareOfDraws(runs - passed, runs, k)),
      all: meanOf(({ runs, passed }) => shareOfDraws(passed, runs, k)),
    };
  });
}

/** The share of all draws of k from `runs` that hold nothing but the `marked` ones: C(marked, k) / C(runs, k). */
function shareOfDraws(marked: number, runs: number, k: number): number {
  let share = 1;
  for (let drawn = 0; drawn < k; drawn += 1) share *= Math.max(0, marked - drawn) / (runs - drawn);
  return share;
}

/** Share of neighbouring repeats of one scenario that ended differently; null without neighbours. */
export function flipRateOf({ repeats }: RunScenario): number | null {
  const known = repeats.map(observationOf).filter(isOutcome);
  const flips = known.slice(1).filter((own, index) => own !== known[index]).length;
  return known.length < 2 ? null : flips / (known.length - 1);
}

/** Passed at least once and not always. */
export function isFlaky({ passed, runs }: Tally): boolean {
  return passed > 0 && passed < runs;
}

function isOutcome(observation: Observation): boolean {
  return observation === "passed" || observation === "not-passed";
}
