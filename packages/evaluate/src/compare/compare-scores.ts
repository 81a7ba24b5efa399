import type { RunDocument, RunScenario } from "@scouter/contracts";
import { mean, seededRandom, signFlipTest } from "@scouter/stats";
import type { CompareOptions } from "./compare-options.ts";
import type { ScenarioMatch } from "./match-scenarios.ts";
import { type Metric, metricsOf } from "./metric.ts";
import { incomparability } from "./metric-pairs.ts";

/** The numbers that a task's judge gave, shown beside the pass rates; they never decide. */
export interface ScoreComparison {
  /** As the task's metric. */
  readonly id: string;
  /** Scenarios with scores on both sides. */
  readonly scenarios: number;
  /** Means over scenarios of the mean over their repeats. */
  readonly baselineMean: number;
  readonly candidateMean: number;
  readonly change: number;
  /** One-sided by flipping signs; null where a scenario has unequal repeats, for which that test does not hold. */
  readonly pValue: number | null;
}

export function compareScores(
  runs: { readonly baseline: RunDocument; readonly candidate: RunDocument },
  judged: readonly ScenarioMatch[],
  { seed }: CompareOptions,
): readonly ScoreComparison[] {
  return metricsOf(runs.baseline, runs.candidate)
    .filter((metric) => metric.kind === "task")
    .filter((metric) => incomparability(metric, runs.baseline, runs.candidate) === undefined)
    .flatMap((metric) => {
      const pairs = judged.flatMap(({ baseline, candidate }) => {
        const before = scoresOf(baseline, metric);
        const after = candidate === undefined ? [] : scoresOf(candidate, metric);
        return before.length === 0 || after.length === 0 ? [] : [{ before, after }];
      });
      if (pairs.length === 0) return [];
      const isEven = pairs.every(({ before, after }) => before.length === after.length);
      const differences = pairs.map(({ before, after }) => mean(after) - mean(before));
      const test = () => signFlipTest(differences, { random: seededRandom(seed) }).p;
      return [
        {
          id: metric.id,
          scenarios: pairs.length,
          baselineMean: mean(pairs.map(({ before }) => mean(before))),
          candidateMean: mean(pairs.map(({ after }) => mean(after))),
          change: mean(differences),
          pValue: isEven ? test() : null,
        },
      ];
    });
}

function scoresOf({ repeats }: RunScenario, { part }: Metric): readonly number[] {
  return repeats.flatMap((repeat) => {
    const own = part(repeat);
    return own?.score === undefined ? [] : [own.score];
  });
}
