import type { Clock } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import {
  DailySpendBudget,
  judgeModels,
  MemoryAnswerCache,
  type JudgeProvider,
  type Judging,
  type OnPauseAsked,
  type PausableJudgeModels,
  type SpendBudget,
} from "@scouter/evaluate";
import {
  anthropicChatModel,
  googleChatModel,
  openAiChatModel,
  openAiCompatibleChatModel,
  priceTable,
} from "@scouter/models";
import type { JudgeConfig, ProviderConfig } from "../config/config.ts";
import { SharedSpendBudget } from "./shared-spend-budget.ts";

/** The gate around a model ends its calls in time, with the server's clock; the adapter's own limit is the second net. */
const ABOVE_CALL_TIMEOUT_MS = 5_000;

export interface JudgingParts {
  readonly config: JudgeConfig;
  /** Keeps one budget for all its processes; without it each has one of its own. */
  readonly database?: Pick<Database, "judgeSpend">;
  readonly clock: Clock;
  /** 0..1, spreads retries. */
  readonly random: () => number;
  /** Beside the built-in providers, and before one of the same name. */
  readonly providers?: ReadonlyMap<string, JudgeProvider>;
  readonly onTrouble?: (error: unknown) => void;
  readonly onPauseAsked?: OnPauseAsked;
}

/** Judging whose providers can be told of pauses. */
export interface PausableJudging extends Judging {
  readonly models: PausableJudgeModels;
}

/** Judges as the environment configures them. */
export function makeJudging(parts: JudgingParts): PausableJudging {
  const { config, clock, random, providers = [], onPauseAsked } = parts;
  return {
    models: judgeModels(clock, new Map([...providersOf(config), ...providers]), onPauseAsked),
    cache: new MemoryAnswerCache(),
    budget: budgetOf(parts),
    priceOf: priceTable(config.prices),
    random,
  };
}

function budgetOf(parts: JudgingParts): SpendBudget | undefined {
  const { config, database, clock, onTrouble = () => undefined } = parts;
  const { dailyBudgetUsd: limitUsd } = config;
  if (limitUsd === undefined) return undefined;
  if (database === undefined) return new DailySpendBudget(clock, limitUsd);
  return new SharedSpendBudget({ spend: database.judgeSpend, limitUsd, onTrouble });
}

function providersOf(config: JudgeConfig): ReadonlyMap<string, JudgeProvider> {
  const { concurrency, timeoutMs: callTimeoutMs } = config;
  const limits = { concurrency, callTimeoutMs };
  const timeoutMs = callTimeoutMs + ABOVE_CALL_TIMEOUT_MS;
  const providers = new Map<string, JudgeProvider>();
  const add = (name: string, create: JudgeProvider["create"] | undefined) => {
    if (create !== undefined) providers.set(name, { create, ...limits });
  };
  add("openai", openAi(config.openAi, timeoutMs));
  add(
    "anthropic",
    withKey(config.anthropic, (key) => (model) => anthropicChatModel({ ...key, model, timeoutMs })),
  );
  const google = withKey(
    config.google,
    (key) => (model: string) => googleChatModel({ ...key, model, timeoutMs }),
  );
  add("google", google);
  return providers;
}

/** Behind a URL of one's own is any server that speaks the protocol, often one without keys. */
function openAi({ apiKey, baseUrl }: ProviderConfig, timeoutMs: number) {
  if (baseUrl !== undefined) {
    return (model: string) =>
      openAiCompatibleChatModel({ baseUrl, apiKey, model, timeoutMs, provider: "openai" });
  }
  return withKey(
    { apiKey, baseUrl },
    (key) => (model: string) => openAiChatModel({ ...key, model, timeoutMs }),
  );
}

function withKey(
  { apiKey, baseUrl }: ProviderConfig,
  make: (key: {
    readonly apiKey: string;
    readonly baseUrl: string | undefined;
  }) => JudgeProvider["create"],
): JudgeProvider["create"] | undefined {
  return apiKey === undefined ? undefined : make({ apiKey, baseUrl });
}
