import type { RunDocument, RunRepeat, RunScenario } from "@scouter/contracts";
import type { RunComparison } from "../compare/comparison.ts";
import { isFlaky } from "../compare/flakiness.ts";
import { type Observation, observationOf, tallyOf } from "../compare/observation.ts";
import type { Tally } from "../compare/observation.ts";
import type { ScenarioChange, ScenarioStatus } from "../compare/scenario-change.ts";

export type RowStatus = ScenarioStatus | "passed" | "failed" | "added" | "not-judged";

/** One side of a scenario. */
export interface ScenarioSide {
  readonly tally: Tally;
  /** `2/3`, with what is missing. */
  readonly passes: string;
  readonly repeats: readonly RunRepeat[];
  readonly observations: readonly Observation[];
}

/** One scenario as every report prints it. */
export interface ScenarioRow {
  readonly id: string;
  readonly query: string | null;
  readonly status: RowStatus;
  readonly quarantine: ScenarioChange["quarantine"];
  readonly baseline: ScenarioSide | null;
  readonly candidate: ScenarioSide | null;
}

/** What a reader wants to see first. */
const ORDER: readonly RowStatus[] = [
  "regressed",
  "removed",
  "error",
  "failed",
  "flaky",
  "changed",
  "improved",
  "added",
  "unchanged",
  "passed",
  "not-judged",
];

/** For sorting: worst first, and stable within a status. */
export function byStatus(a: ScenarioRow, b: ScenarioRow): number {
  return ORDER.indexOf(a.status) - ORDER.indexOf(b.status);
}

/** Every scenario of a comparison, those that only the candidate has among them. */
export function comparedRows(
  comparison: RunComparison,
  baseline: RunDocument | undefined,
  candidate: RunDocument | undefined,
): readonly ScenarioRow[] {
  const before = byId(baseline);
  const after = byId(candidate);
  return [
    ...comparison.scenarios.map((change) =>
      rowOf(change, before.get(change.scenario), after.get(change.scenario)),
    ),
    ...comparison.addedScenarios.map((id): ScenarioRow => {
      const scenario = after.get(id);
      const none = { id, query: null, quarantine: null, baseline: null, candidate: null };
      return { ...(scenario === undefined ? none : rowAlone(scenario)), status: "added" };
    }),
  ];
}

function byId(run: RunDocument | undefined): ReadonlyMap<string, RunScenario> {
  return new Map((run?.scenarios ?? []).map((scenario) => [scenario.id, scenario]));
}

function rowOf(
  change: ScenarioChange,
  baseline: RunScenario | undefined,
  candidate: RunScenario | undefined,
): ScenarioRow {
  return {
    id: change.scenario,
    query: change.initialQuery,
    status: change.status,
    quarantine: change.quarantine,
    baseline: sideOf(change.baseline, baseline?.repeats ?? []),
    candidate:
      change.candidate === null ? null : sideOf(change.candidate, candidate?.repeats ?? []),
  };
}

/** A scenario of a run that is not compared. */
export function rowAlone(scenario: RunScenario): ScenarioRow {
  return {
    id: scenario.id,
    query: scenario.initial_query ?? null,
    status: statusAlone(scenario),
    quarantine: null,
    baseline: null,
    candidate: sideOf(
      tallyOf(scenario, (repeat) => repeat),
      scenario.repeats,
    ),
  };
}

function statusAlone(scenario: RunScenario): RowStatus {
  const tally = tallyOf(scenario, (repeat) => repeat);
  if (isFlaky(tally)) return "flaky";
  if (tally.runs > 0) return tally.passed > 0 ? "passed" : "failed";
  return tally.missing > 0 ? "error" : "not-judged";
}

function sideOf(tally: Tally, repeats: readonly RunRepeat[]): ScenarioSide {
  return { tally, passes: passesOf(tally), repeats, observations: repeats.map(observationOf) };
}

export function passesOf({ passed, runs, missing }: Tally): string {
  return `${String(passed)}/${String(runs)}${missing > 0 ? ` (${String(missing)} missing)` : ""}`;
}
