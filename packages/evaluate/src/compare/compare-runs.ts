import type { RunDocument, RunScenario } from "@scouter/contracts";
import { checkOptions, compareDefaults, type CompareOptions } from "./compare-options.ts";
import { compareScores } from "./compare-scores.ts";
import { compareMetrics } from "./compare-metrics.ts";
import type { CompareVerdict, MetricComparison, RunComparison } from "./comparison.ts";
import { matchScenarios, type ScenarioMatches } from "./match-scenarios.ts";
import { notesOf } from "./notes.ts";
import { scenarioChange } from "./scenario-change.ts";
import { levelOf } from "./look-plan.ts";
import { newlyFailing } from "./newly-failing.ts";
import { comparedRun, stoppingOf } from "./compared-run.ts";
import { compareWorkflows } from "./workflow-comparison.ts";

interface Ruling {
  readonly verdict: CompareVerdict;
  readonly reasons: readonly string[];
}

/**
 * Did the candidate get worse than the baseline, by more than is tolerated, and do the data show it?
 *
 * Scenarios are matched by id; one that the candidate lacks counts as failed. `statistical` fails when a gated metric fell
 * by more than `regressionThreshold` and a permutation test within scenarios, after Holm over the gated metrics, says that
 * chance does not explain it. `threshold` looks at the observed drop alone, `strict` at any scenario that always passed
 * and now fails. Gated are the scenarios, every alias, and the tasks that `gate` names.
 *
 * Deterministic: the same documents and options give the same comparison.
 *
 * @throws EVALUATE_COMPARE_OPTION_INVALID, EVALUATE_RUN_SCENARIO_TWICE
 */
export function compareRuns(
  baseline: RunDocument,
  candidate: RunDocument,
  given: Partial<CompareOptions> = {},
): RunComparison {
  const asked = { ...compareDefaults, ...given };
  checkOptions(asked);
  const options = { ...asked, alpha: levelOf(candidate.early_stop, asked.alpha) };
  const matches = matchScenarios(baseline, candidate, options);
  const before = aliasesOf(baseline.scenarios);
  const after = aliasesOf(candidate.scenarios);
  const removedAliases = before.filter((alias) => !after.includes(alias));
  const workflows = before
    .filter((alias) => after.includes(alias))
    .map((alias) => compareWorkflows(alias, matches.judged, options.regressionThreshold));
  const metrics = compareMetrics({ baseline, candidate }, matches.judged, workflows, options).map(
    (metric) => (options.allowRemoved ? withoutRemoved(metric, removedAliases) : metric),
  );
  return {
    format: "scouter-comparison",
    version: 1,
    mode: options.mode,
    ...rule(metrics, matches, options),
    notes: notesOf({ baseline, candidate, matches, metrics, options }),
    regressionThreshold: options.regressionThreshold,
    alpha: asked.alpha,
    level: options.alpha,
    earlyStop: stoppingOf(candidate),
    baseline: comparedRun(baseline),
    candidate: comparedRun(candidate),
    metrics,
    scores: compareScores({ baseline, candidate }, matches.judged, options),
    workflows,
    scenarios: matches.matches.map(scenarioChange),
    addedScenarios: matches.added,
    removedScenarios: matches.removed,
    addedAliases: after.filter((alias) => !before.includes(alias)),
    removedAliases,
    expiredQuarantine: matches.expired,
  };
}

/** What is unknown goes first: an outage is no regression, and hides whether there is one. */
function rule(
  metrics: readonly MetricComparison[],
  { judged }: ScenarioMatches,
  { mode }: CompareOptions,
): Ruling {
  const gated = metrics.filter((metric) => metric.gated);
  const reasonsFor = (verdict: CompareVerdict) =>
    gated
      .filter((metric) => metric.verdict === verdict)
      .map(({ id, reason }) => (reason === null ? id : `${id}: ${reason}`));
  const failures = [...reasonsFor("fail"), ...(mode === "strict" ? newlyFailing(judged) : [])];
  const unknown = reasonsFor("invalid");
  if (unknown.length > 0) return { verdict: "invalid", reasons: [...unknown, ...failures] };
  const decided = gated.filter((metric) => metric.verdict !== "incomparable");
  if (decided.length === 0) {
    return { verdict: "invalid", reasons: ["no gated metric can be compared"] };
  }
  if (failures.length > 0) return { verdict: "fail", reasons: failures };
  const isProved = decided.every((metric) => metric.verdict === "non-inferior");
  const verdict = isProved ? "non-inferior" : "no-regression-found";
  return { verdict, reasons: reasonsFor(verdict).filter((reason) => reason.includes(": ")) };
}

function withoutRemoved(metric: MetricComparison, removed: readonly string[]): MetricComparison {
  const isRemoved = removed.some((alias) => metric.id === `alias:${alias}`);
  return isRemoved
    ? { ...metric, verdict: "incomparable", reason: "the candidate does not have it" }
    : metric;
}

function aliasesOf(scenarios: readonly RunScenario[]): readonly string[] {
  const names = scenarios.flatMap(({ repeats }) =>
    repeats.flatMap((repeat) => Object.keys(repeat.aliases)),
  );
  return [...new Set(names)].toSorted();
}
