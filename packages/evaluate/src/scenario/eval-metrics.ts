import type { RunAlias, RunDocument } from "@scouter/contracts";

/** Pass rates of a run at its three levels, all in [0, 1]; 0 where nothing counts. */
export interface EvalMetrics {
  /** By alias: passed task results by all that count. Gates and skipped tasks do not; an errored task is not passed. */
  readonly dataset_pass_rates: Readonly<Record<string, number>>;
  /** Unweighted mean of `dataset_pass_rates`. */
  readonly workflow_pass_rate: number;
  /** Scenarios with an outcome of their own: those with tasks, and those whose agent erred. */
  readonly total_scenarios: number;
  /** Those that passed in every repeat with an outcome. */
  readonly passed_scenarios: number;
  /** Mean over scenarios of their share of passed repeats. */
  readonly scenario_pass_rate: number;
  /** Unweighted mean of all aliases' rates and, when there is any scenario, `scenario_pass_rate`. */
  readonly overall_pass_rate: number;
  /** By scenario and task: share of repeats that passed it, of those that did not skip it. */
  readonly scenario_task_pass_rates: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What is not known (errors of harness, judge or provider) counts on no side, as in the comparison of two runs. */
export function evalMetrics({ scenarios }: Pick<RunDocument, "scenarios">): EvalMetrics {
  const aliases = new Map<string, { passed: number; total: number }>();
  const taskRates: [string, Record<string, number>][] = [];
  const rates: number[] = [];
  for (const { id, repeats } of scenarios) {
    const known = repeats.filter(isKnown);
    if (known.length > 0) rates.push(known.filter(isPassed).length / known.length);
    for (const repeat of repeats) {
      for (const [alias, own] of Object.entries(repeat.aliases)) {
        const counts = countsOf(own);
        const sum = aliases.get(alias) ?? { passed: 0, total: 0 };
        aliases.set(alias, { passed: sum.passed + counts.passed, total: sum.total + counts.total });
      }
    }
    taskRates.push([id, taskRatesOf(repeats.map(({ tasks }) => tasks))]);
  }
  const datasets = [...aliases]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([alias, { passed, total }]) => [alias, total === 0 ? 0 : passed / total] as const);
  const datasetRates = datasets.map(([, rate]) => rate);
  const scenarioRate = mean(rates);
  return {
    dataset_pass_rates: Object.fromEntries(datasets),
    workflow_pass_rate: mean(datasetRates),
    total_scenarios: rates.length,
    passed_scenarios: rates.filter((rate) => rate === 1).length,
    scenario_pass_rate: scenarioRate,
    overall_pass_rate: mean([...datasetRates, ...(rates.length > 0 ? [scenarioRate] : [])]),
    scenario_task_pass_rates: Object.fromEntries(taskRates),
  };
}

/**
 * Share of outcomes of which nothing is known, of repeats and of their aliases together: errors of harness, judge or provider.
 * In [0, 1].
 */
export function missingShare({ scenarios }: Pick<RunDocument, "scenarios">): number {
  let [counted, missing] = [0, 0];
  for (const repeat of scenarios.flatMap((own) => own.repeats)) {
    for (const ended of [repeat, ...Object.values(repeat.aliases)]) {
      if (ended.outcome === "skipped") continue;
      counted += 1;
      if (!isKnown(ended)) missing += 1;
    }
  }
  return counted === 0 ? 0 : missing / counted;
}

interface Ended {
  readonly outcome: string;
  readonly error_source?: string | undefined;
  readonly gate?: boolean | undefined;
}

function isKnown({ outcome, error_source }: Ended): boolean {
  return outcome === "passed" || outcome === "failed" || error_source === "agent";
}

function isPassed({ outcome }: Ended): boolean {
  return outcome === "passed";
}

/** Runs that were saved without counts have one record an alias: its tasks are the results. */
function countsOf({ passed_tasks, total_tasks, tasks }: RunAlias) {
  if (passed_tasks !== undefined && total_tasks !== undefined) {
    return { passed: passed_tasks, total: total_tasks };
  }
  const counted = Object.values(tasks).filter((task) => task.gate !== true && isKnown(task));
  return { passed: counted.filter(isPassed).length, total: counted.length };
}

function taskRatesOf(repeats: readonly Readonly<Record<string, Ended>>[]): Record<string, number> {
  const ids = [...new Set(repeats.flatMap((tasks) => Object.keys(tasks)))].toSorted();
  const rates = ids.flatMap((id) => {
    const own = repeats.flatMap((tasks) => tasks[id] ?? []).filter(isKnown);
    return own.length === 0 ? [] : [[id, own.filter(isPassed).length / own.length] as const];
  });
  return Object.fromEntries(rates);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, own) => sum + own, 0) / values.length;
}
