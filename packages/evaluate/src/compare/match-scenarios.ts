import type { RunDocument, RunScenario } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { CompareOptions, QuarantineEntry } from "./compare-options.ts";

export interface ScenarioMatch {
  readonly id: string;
  readonly baseline: RunScenario;
  /** Undefined when the candidate does not have it. */
  readonly candidate: RunScenario | undefined;
  readonly quarantine: QuarantineEntry | undefined;
  /** Its definition is not the baseline's: the two outcomes answer different questions. */
  readonly isRedefined: boolean;
}

export interface ScenarioMatches {
  /** In the baseline's order. */
  readonly matches: readonly ScenarioMatch[];
  /** Those whose outcomes are judged. */
  readonly judged: readonly ScenarioMatch[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly expired: readonly QuarantineEntry[];
}

/** Pairs scenarios by id. A quarantine that had expired when the candidate ran does not hold. */
export function matchScenarios(
  baseline: RunDocument,
  candidate: RunDocument,
  options: CompareOptions,
): ScenarioMatches {
  const before = byId(baseline);
  const after = byId(candidate);
  const today = candidate.created_at.slice(0, 10);
  const [expired, valid] = split(options.quarantine, ({ expires }) => expires < today);
  const matches = baseline.scenarios.map((own): ScenarioMatch => {
    const other = after.get(own.id);
    return {
      id: own.id,
      baseline: own,
      candidate: other,
      quarantine: valid.find(({ scenario }) => scenario === own.id),
      isRedefined: isOther(own.definition, other?.definition),
    };
  });
  return {
    matches,
    judged: matches.filter((match) => isJudged(match, options)),
    added: [...after.keys()].filter((id) => !before.has(id)).toSorted(),
    removed: matches.filter((own) => own.candidate === undefined).map(({ id }) => id),
    expired,
  };
}

/** Two hashes that differ; a side without one makes no claim. */
export function isOther(before: string | undefined, after: string | undefined): boolean {
  return before !== undefined && after !== undefined && before !== after;
}

function isJudged(match: ScenarioMatch, { allowRemoved }: CompareOptions): boolean {
  if (match.quarantine !== undefined || match.isRedefined) return false;
  return match.candidate !== undefined || !allowRemoved;
}

function byId({ run_id, scenarios }: RunDocument): ReadonlyMap<string, RunScenario> {
  const found = new Map<string, RunScenario>();
  for (const scenario of scenarios) {
    if (found.has(scenario.id)) {
      throw errors.EVALUATE_RUN_SCENARIO_TWICE({ run: run_id, scenario: scenario.id });
    }
    found.set(scenario.id, scenario);
  }
  return found;
}

function split<T>(list: readonly T[], test: (value: T) => boolean): readonly [T[], T[]] {
  return [list.filter((value) => test(value)), list.filter((value) => !test(value))];
}
