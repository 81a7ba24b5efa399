import type { TaskCounts } from "@scouter/contracts";
import type { BucketActivity, EvaluationCounts, JudgeCosts, TaskTally } from "@scouter/database";
import type { ArchivedCounts, ArchivedJudgeCosts, ArchivedTally } from "@scouter/lake";

/** By bucket, ascending. */
export function mergedCounts(
  live: readonly EvaluationCounts[],
  archived: readonly ArchivedCounts[],
): readonly EvaluationCounts[] {
  return together([...live, ...archived], ({ bucket }) => [bucket], addedCounts).toSorted(
    (a, b) => a.bucket - b.bucket,
  );
}

/** Only evaluations are archived: windows and alerts are those of the database. */
export function mergedActivity(
  live: readonly BucketActivity[],
  archived: readonly ArchivedCounts[],
): readonly BucketActivity[] {
  const nothing = { windowsDone: 0, windowsAlerting: 0, windowsFailed: 0, alertsFired: 0 };
  const old = archived.map(({ bucket, records, tasks }) => ({
    bucket,
    recordsEvaluated: records,
    tasks,
    ...nothing,
  }));
  return together(
    [...live, ...old],
    ({ bucket }) => [bucket],
    (left, right) => ({
      ...left,
      recordsEvaluated: left.recordsEvaluated + right.recordsEvaluated,
      tasks: addedTasks(left.tasks, right.tasks),
    }),
  ).toSorted((a, b) => a.bucket - b.bucket);
}

/** By task, and what it was skipped for. */
export function mergedTallies(
  live: readonly TaskTally[],
  archived: readonly ArchivedTally[],
): readonly TaskTally[] {
  const keyOf = ({ taskId, skippedBy }: TaskTally) => [taskId, skippedBy];
  return together([...live, ...archived], keyOf, (left, right) => ({
    ...left,
    counts: addedTasks(left.counts, right.counts),
  })).toSorted((a, b) => order(a.taskId, b.taskId) || order(a.skippedBy ?? "", b.skippedBy ?? ""));
}

/** By task, provider and model. What gates saved is priced anew, at the mean of both sides' calls. */
export function mergedJudgeCosts(
  live: readonly JudgeCosts[],
  archived: readonly ArchivedJudgeCosts[],
): readonly JudgeCosts[] {
  const old = archived.map(priced);
  const keyOf = ({ taskId, provider, model }: JudgeCosts) => [taskId, provider, model];
  return together([...live, ...old], keyOf, addedJudgeCosts).toSorted(
    (a, b) => order(a.taskId, b.taskId) || order(a.provider, b.provider) || order(a.model, b.model),
  );
}

function addedJudgeCosts(left: JudgeCosts, right: JudgeCosts): JudgeCosts {
  const known = left.costUsd !== null || right.costUsd !== null;
  return priced({
    taskId: left.taskId,
    provider: left.provider,
    model: left.model,
    judged: left.judged + right.judged,
    skipped: left.skipped + right.skipped,
    calls: left.calls + right.calls,
    cachedCalls: left.cachedCalls + right.cachedCalls,
    savedCalls: left.savedCalls + right.savedCalls,
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    costUsd: known ? (left.costUsd ?? 0) + (right.costUsd ?? 0) : null,
    unpricedCalls: left.unpricedCalls + right.unpricedCalls,
  });
}

/** Sums that became one are priced as the database prices them: no call with a price, no cost. */
function priced(costs: ArchivedJudgeCosts): JudgeCosts {
  const { calls, unpricedCalls, savedCalls } = costs;
  const pricedCalls = calls - unpricedCalls;
  const costUsd = pricedCalls === 0 && calls > 0 ? null : costs.costUsd;
  const savedUsd =
    costUsd === null || pricedCalls === 0 ? null : (savedCalls * costUsd) / pricedCalls;
  return { ...costs, costUsd, savedUsd };
}

function addedCounts(left: EvaluationCounts, right: EvaluationCounts): EvaluationCounts {
  const records = left.records + right.records;
  return { bucket: left.bucket, records, tasks: addedTasks(left.tasks, right.tasks) };
}

export function addedTasks(left: TaskCounts, right: TaskCounts): TaskCounts {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    errored: left.errored + right.errored,
    skipped: left.skipped + right.skipped,
  };
}

/** Rows with equal keys become one. */
function together<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => readonly unknown[],
  added: (left: Row, right: Row) => Row,
): readonly Row[] {
  const byKey = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row));
    const before = byKey.get(key);
    byKey.set(key, before === undefined ? row : added(before, row));
  }
  return [...byKey.values()];
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
