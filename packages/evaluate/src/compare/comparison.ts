import type { CompareMode, QuarantineEntry } from "./compare-options.ts";
import type { Flakiness } from "./flakiness.ts";
import type { MetricKind } from "./metric.ts";
import type { ScenarioChange } from "./scenario-change.ts";
import type { WorkflowComparison } from "./workflow-comparison.ts";

/**
 * - `fail`: the candidate got worse, as the mode understands it
 * - `non-inferior`: proved to be no worse than tolerated (statistical mode only)
 * - `no-regression-found`: neither; see `detectableDrop` for what could have been seen
 * - `invalid`: too little is known, for example because a judge was out of order
 */
export type CompareVerdict = "fail" | "non-inferior" | "no-regression-found" | "invalid";

export interface MetricComparison {
  /** `scenarios`, `alias:<alias>`, `task:<alias>/<task>`, `task:<task>`. */
  readonly id: string;
  readonly kind: MetricKind;
  /** Whether it can fail the comparison. */
  readonly gated: boolean;
  /** Undecided metrics: `incomparable` with a reason, `shown` when it is not gated. */
  readonly verdict: CompareVerdict | "incomparable" | "shown";
  readonly reason: string | null;
  /** Scenarios with outcomes on both sides. */
  readonly scenarios: number;
  readonly missing: number;
  readonly missingShare: number;
  /** Share of repeats that skipped it, by side. */
  readonly skipped: { readonly baseline: number | null; readonly candidate: number | null };
  /** Everything below is null without a scenario to compare. */
  readonly baselineRate: number | null;
  readonly baselineInterval: { readonly lower: number; readonly upper: number } | null;
  readonly candidateRate: number | null;
  readonly candidateInterval: { readonly lower: number; readonly upper: number } | null;
  /** Candidate minus baseline. */
  readonly change: number | null;
  /** One-sided: how probable such a drop is when nothing changed. */
  readonly pValue: number | null;
  /** After Holm over the gated metrics; null when not gated. */
  readonly adjustedPValue: number | null;
  /** Lower confidence bound of the change, one-sided at 1 - alpha; null when not gated. */
  readonly lowerBound: number | null;
  /** The smallest drop that this comparison finds with probability 0.8; null when there is none. */
  readonly detectableDrop: number | null;
}

export interface ComparedRun {
  readonly runId: string;
  readonly createdAt: string;
  readonly suite: string;
  /** Hash of the suite; null when the run does not tell. */
  readonly suiteDefinition: string | null;
  /** Hashes of tasks by alias and task id. */
  readonly taskDefinitions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Of models, prompts, the agent. */
  readonly versions: Readonly<Record<string, string>>;
  readonly repeats: {
    readonly fewest: number;
    readonly most: number;
    readonly mean: number;
  };
  /** Runs that were put together into this one. */
  readonly pooledFrom: readonly string[];
  readonly flakiness: Flakiness;
  /** What judges used, over the repeats that tell; null when none does. */
  readonly judging: JudgingTotal | null;
}

export interface JudgingTotal {
  readonly calls: number;
  /** US dollars; null where a price or a count is not known. */
  readonly costUsd: number | null;
  /** Calls that gates made unnecessary, and what they would have cost at the mean price of a call. */
  readonly savedCalls: number;
  readonly savedUsd: number | null;
}

/** How a run that might have repeated more ended, and what that saved. */
export interface EarlyStopping {
  readonly look: number;
  readonly looks: readonly number[];
  readonly maxRepeat: number;
  /** Repeats of all scenarios that were not needed. */
  readonly savedRepeats: number;
  /** What their judges would have cost at the mean price of a repeat; null when that is not known. */
  readonly savedUsd: number | null;
}

export interface RunComparison {
  readonly format: "scouter-comparison";
  readonly version: 1;
  readonly mode: CompareMode;
  readonly verdict: CompareVerdict;
  /** Why, one sentence each; what else is worth knowing is in `notes`. */
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
  readonly regressionThreshold: number;
  /** The level that was asked for. */
  readonly alpha: number;
  /** The level that decided: less than `alpha` when the run ended at a look before the last. */
  readonly level: number;
  readonly earlyStop: EarlyStopping | null;
  readonly baseline: ComparedRun;
  readonly candidate: ComparedRun;
  readonly metrics: readonly MetricComparison[];
  /** By alias that both runs have. */
  readonly workflows: readonly WorkflowComparison[];
  readonly scenarios: readonly ScenarioChange[];
  readonly addedScenarios: readonly string[];
  readonly removedScenarios: readonly string[];
  readonly addedAliases: readonly string[];
  readonly removedAliases: readonly string[];
  readonly expiredQuarantine: readonly QuarantineEntry[];
}
