import type { EvalTaskResult } from "@scouter/contracts";
import type { JudgeUsage } from "../judge/spend.ts";

/** What the judges of one record used. */
export interface JudgingSummary extends JudgeUsage {
  /** Calls that were not made because a gate kept their task from running: as many as its votes need at least. */
  readonly savedCalls: number;
}

/** Of tasks without judges. */
export const NO_JUDGING: JudgingSummary = {
  calls: 0,
  cachedCalls: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  savedCalls: 0,
};

export function summedJudging(tasks: readonly Pick<EvalTaskResult, "judge">[]): JudgingSummary {
  const sum = (count: (usage: NonNullable<EvalTaskResult["judge"]>) => number) =>
    tasks.reduce((total, { judge }) => total + (judge ? count(judge) : 0), 0);
  const isPriced = tasks.every(({ judge }) => judge?.cost_usd !== null);
  return {
    calls: sum(({ calls }) => calls),
    cachedCalls: sum(({ cached_calls }) => cached_calls),
    inputTokens: sum(({ input_tokens }) => input_tokens),
    outputTokens: sum(({ output_tokens }) => output_tokens),
    costUsd: isPriced ? sum(({ cost_usd }) => cost_usd ?? 0) : null,
    savedCalls: sum(({ saved_calls }) => saved_calls ?? 0),
  };
}
