import type { RunDocument, RunJudging } from "@scouter/contracts";
import type { ComparedRun, EarlyStopping, JudgingTotal } from "./comparison.ts";
import { flakinessOf } from "./flakiness.ts";

/** What a comparison tells of one of its runs. */
export function comparedRun(run: RunDocument): ComparedRun {
  const { run_id, created_at, suite, versions, scenarios, alias_definitions } = run;
  const counts = scenarios.map(({ repeats }) => repeats.length);
  const sum = counts.reduce((total, count) => total + count, 0);
  return {
    runId: run_id,
    createdAt: created_at,
    suite: suite.name,
    suiteDefinition: suite.definition ?? null,
    taskDefinitions: alias_definitions,
    versions,
    repeats: {
      fewest: counts.reduce((least, count) => Math.min(least, count), counts[0] ?? 0),
      most: counts.reduce((most, count) => Math.max(most, count), 0),
      mean: counts.length === 0 ? 0 : sum / counts.length,
    },
    pooledFrom: (run.pooled_from ?? []).map((own) => own.run_id),
    flakiness: flakinessOf(scenarios),
    judging: judgingOf(run),
  };
}

/** Null for a run without looks. */
export function stoppingOf({ early_stop, scenarios }: RunDocument): EarlyStopping | null {
  if (early_stop === undefined) return null;
  const { look, looks, max_repeat } = early_stop;
  const done = scenarios.reduce((sum, own) => sum + own.repeats.length, 0);
  const savedRepeats = Math.max(0, scenarios.length * max_repeat - done);
  const cost = costOf(scenarios.flatMap(judgingsOf));
  const savedUsd = cost === null || done === 0 ? null : (cost / done) * savedRepeats;
  return { look, looks, maxRepeat: max_repeat, savedRepeats, savedUsd };
}

function judgingOf({ scenarios }: RunDocument): JudgingTotal | null {
  const judgings = scenarios.flatMap(judgingsOf);
  if (judgings.length === 0) return null;
  const calls = judgings.reduce((sum, own) => sum + own.calls, 0);
  const savedCalls = judgings.reduce((sum, own) => sum + own.saved_calls, 0);
  const costUsd = costOf(judgings);
  const savedUsd = costUsd === null || calls === 0 ? null : (costUsd / calls) * savedCalls;
  return { calls, costUsd, savedCalls, savedUsd };
}

function judgingsOf({ repeats }: RunDocument["scenarios"][number]): readonly RunJudging[] {
  return repeats.flatMap(({ judging }) => (judging === undefined ? [] : [judging]));
}

/** Null without any, and as soon as one is not known. */
function costOf(judgings: readonly RunJudging[]): number | null {
  if (judgings.length === 0) return null;
  let sum = 0;
  for (const { cost_usd } of judgings) {
    if (cost_usd === null) return null;
    sum += cost_usd;
  }
  return sum;
}
