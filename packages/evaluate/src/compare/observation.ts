import type { ErrorSource, RunOutcome, RunRepeat, RunScenario } from "@scouter/contracts";

/** How often something passed on one side of one scenario; runs hold neither what is missing nor what was skipped. */
export interface Tally {
  readonly passed: number;
  readonly runs: number;
  /** Errors that were not the agent's: nothing is known of these repeats. */
  readonly missing: number;
  readonly skipped: number;
}

/** As the documents have it: `errored` always tells whose error it was. */
export interface Ended {
  readonly outcome: RunOutcome;
  readonly error_source?: ErrorSource | undefined;
  /** Of a task whose judge gave a number. */
  readonly score?: number | undefined;
}

export type Observation = "passed" | "not-passed" | "missing" | "skipped";

/** An error of the agent is not passed; one of harness, judge or provider says nothing about the agent. */
export function observationOf({ outcome, error_source }: Ended): Observation {
  if (outcome === "passed" || outcome === "skipped") return outcome;
  return outcome === "failed" || error_source === "agent" ? "not-passed" : "missing";
}

export function tally(observations: readonly Observation[]): Tally {
  const count = (kind: Observation) => observations.filter((own) => own === kind).length;
  const passed = count("passed");
  return {
    passed,
    runs: passed + count("not-passed"),
    missing: count("missing"),
    skipped: count("skipped"),
  };
}

/** Picks what a metric looks at in a repeat; undefined where that did not take part. */
export type Part = (repeat: RunRepeat) => Ended | undefined;

export function takesPart(scenario: RunScenario, part: Part): boolean {
  return scenario.repeats.some((repeat) => part(repeat) !== undefined);
}

/**
 * A part that is absent because its repeat broke down shares the repeat's fate; absent from a repeat that went on, it was
 * skipped: the agent took another way.
 */
export function tallyOf(scenario: RunScenario, part: Part): Tally {
  return tally(
    scenario.repeats.map((repeat) => {
      const own = part(repeat);
      if (own !== undefined) return observationOf(own);
      return repeat.outcome === "errored" ? observationOf(repeat) : "skipped";
    }),
  );
}
