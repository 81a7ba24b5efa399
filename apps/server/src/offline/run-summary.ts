import type { EvalRunItem, RunDocument } from "@scouter/contracts";
import { runReport } from "@scouter/evaluate";
import type { EvalRunEntry } from "@scouter/database";

/** What a list tells of a run beside its identity; stored with it, so that lists never read documents. */
export type RunSummary = Pick<
  EvalRunItem,
  | "suite_definition"
  | "versions"
  | "scenarios"
  | "repeats"
  | "pass_rate"
  | "lower"
  | "upper"
  | "flaky"
  | "cost_usd"
>;

export function runSummary(run: RunDocument): RunSummary {
  const report = runReport({ candidate: run });
  const rate = report.metrics.find(({ id }) => id === "scenarios")?.candidate ?? null;
  return {
    suite_definition: run.suite.definition ?? null,
    versions: run.versions,
    scenarios: run.scenarios.length,
    repeats: run.scenarios.reduce((most, { repeats }) => Math.max(most, repeats.length), 0),
    pass_rate: rate?.rate ?? null,
    lower: rate?.lower ?? null,
    upper: rate?.upper ?? null,
    flaky: report.scenarios.filter(({ status }) => status === "flaky").length,
    cost_usd: costOf(run),
  };
}

/** Null when no repeat tells, or one does not know. */
function costOf({ scenarios }: RunDocument): number | null {
  const costs = scenarios.flatMap(({ repeats }) =>
    repeats.flatMap(({ judging }) => (judging === undefined ? [] : [judging.cost_usd])),
  );
  if (costs.length === 0 || costs.includes(null)) return null;
  return costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
}

export function runItemOf(entry: EvalRunEntry): EvalRunItem {
  const summary = entry.summary as unknown as RunSummary;
  return {
    id: entry.id,
    space: entry.space,
    suite: entry.suite,
    run_id: entry.runId,
    created_at: entry.createdAt,
    received_at: entry.receivedAt,
    ...summary,
    baselines: [...entry.baselines],
  };
}
