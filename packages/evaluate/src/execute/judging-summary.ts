import type { EvalTaskResult } from "@scouter/contracts";
import { majorityOf } from "../judge/compiled-judge.ts";
import type { JudgeUsage } from "../judge/spend.ts";
import type { CompiledTask } from "./compiled-task.ts";

/** What the judges of one record used. */
export interface JudgingSummary extends JudgeUsage {
  /** Calls that were not made because a gate kept their task from running: as many as its votes need at least. */
  readonly savedCalls: number;
}

interface JudgedTask {
  readonly task: CompiledTask;
  readonly judge: EvalTaskResult["judge"];
  readonly wasSkipped: boolean;
}

export function summedJudging(tasks: readonly JudgedTask[]): JudgingSummary {
  const sum = (count: (usage: NonNullable<EvalTaskResult["judge"]>) => number) =>
    tasks.reduce((total, { judge }) => total + (judge ? count(judge) : 0), 0);
  const isPriced = tasks.every(({ judge }) => judge?.cost_usd !== null);
  return {
    calls: sum(({ calls }) => calls),
    cachedCalls: sum(({ cached_calls }) => cached_calls),
    inputTokens: sum(({ input_tokens }) => input_tokens),
    outputTokens: sum(({ output_tokens }) => output_tokens),
    costUsd: isPriced ? sum(({ cost_usd }) => cost_usd ?? 0) : null,
    savedCalls: tasks.reduce((total, { task, wasSkipped }) => {
      const { subject } = task;
      const saved = wasSkipped && subject.kind === "judge" ? majorityOf(subject.judge.votes) : 0;
      return total + saved;
    }, 0),
  };
}
