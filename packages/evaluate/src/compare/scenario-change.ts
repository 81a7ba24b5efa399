import { flipRateOf, isFlaky } from "./flakiness.ts";
import type { ScenarioMatch } from "./match-scenarios.ts";
import { type Tally, tallyOf } from "./observation.ts";

/**
 * - `regressed`, `improved`: passed in every repeat of one run and in none of the other
 * - `flaky`: one of the runs holds both outcomes
 * - `error`: no outcome of the candidate, or of the baseline, is known
 * - `changed`: its definition is another one, so its outcomes are not compared
 * - `removed`: the candidate does not have it
 */
export type ScenarioStatus =
  | "regressed"
  | "improved"
  | "flaky"
  | "error"
  | "changed"
  | "removed"
  | "unchanged";

export interface ScenarioChange {
  readonly scenario: string;
  readonly initialQuery: string | null;
  readonly status: ScenarioStatus;
  readonly baseline: Tally;
  /** Null when removed. */
  readonly candidate: Tally | null;
  /** Share of neighbouring repeats that ended differently, by side; null without neighbours. */
  readonly flipRate: { readonly baseline: number | null; readonly candidate: number | null };
  /** Who looks after it when it is quarantined, and until when. */
  readonly quarantine: { readonly owner: string; readonly expires: string } | null;
}

export function scenarioChange(match: ScenarioMatch): ScenarioChange {
  const baseline = tallyOf(match.baseline, (repeat) => repeat);
  const candidate =
    match.candidate === undefined ? null : tallyOf(match.candidate, (repeat) => repeat);
  const { quarantine } = match;
  return {
    scenario: match.id,
    initialQuery: match.candidate?.initial_query ?? match.baseline.initial_query ?? null,
    status: match.isRedefined ? "changed" : statusOf(baseline, candidate),
    baseline,
    candidate,
    flipRate: {
      baseline: flipRateOf(match.baseline),
      candidate: match.candidate === undefined ? null : flipRateOf(match.candidate),
    },
    quarantine:
      quarantine === undefined ? null : { owner: quarantine.owner, expires: quarantine.expires },
  };
}

function statusOf(baseline: Tally, candidate: Tally | null): ScenarioStatus {
  if (candidate === null) return "removed";
  if (isUnknown(baseline) || isUnknown(candidate)) return "error";
  if (isFlaky(baseline) || isFlaky(candidate)) return "flaky";
  // A scenario without tasks of its own has no runs on either side.
  if (baseline.runs === 0 || candidate.runs === 0) return "unchanged";
  if (baseline.passed > 0 === candidate.passed > 0) return "unchanged";
  return candidate.passed > 0 ? "improved" : "regressed";
}

function isUnknown({ runs, missing }: Tally): boolean {
  return runs === 0 && missing > 0;
}
