import type { RunScenario } from "@scouter/contracts";
import { type Observation, observationOf, tally } from "./observation.ts";
import { isFlaky } from "./scenario-change.ts";

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
  };
}

function isOutcome(observation: Observation): boolean {
  return observation === "passed" || observation === "not-passed";
}
