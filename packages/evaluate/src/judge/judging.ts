import type { AnswerCache } from "./answer-cache.ts";
import type { JudgeModels } from "./judge-models.ts";
import type { PriceOf } from "./spend.ts";
import type { SpendBudget } from "./spend-budget.ts";

/** What judges need from outside. Only `models` must be there. */
export interface Judging {
  readonly models: JudgeModels;
  readonly cache?: AnswerCache | undefined;
  readonly budget?: SpendBudget | undefined;
  readonly priceOf?: PriceOf | undefined;
  /** Applied to every text before it leaves the process (and before it becomes a key of the cache). */
  readonly redact?: ((text: string) => string) | undefined;
  /** Longest time for all answers of one task, retries included. Default 180,000. */
  readonly taskTimeoutMs?: number | undefined;
  /** 0..1, spreads retries. Default: no spread. */
  readonly random?: (() => number) | undefined;
}
