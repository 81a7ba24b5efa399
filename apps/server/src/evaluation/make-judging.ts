import type { Clock } from "@scouter/contracts";
import {
  DailySpendBudget,
  judgeModels,
  MemoryAnswerCache,
  type JudgeProvider,
  type Judging,
} from "@scouter/evaluate";
import {
  anthropicChatModel,
  googleChatModel,
  openAiChatModel,
  openAiCompatibleChatModel,
  priceTable,
} from "@scouter/models";
import type { JudgeConfig, ProviderConfig } from "../config/config.ts";

/** The gate around a model ends its calls in time, with the server's clock; the adapter's own limit is the second net. */
const ABOVE_CALL_TIMEOUT_MS = 5_000;

/** Judges as the environment configures them. `random` spreads retries. */
export function makeJudging(config: JudgeConfig, clock: Clock, random: () => number): Judging {
  const { dailyBudgetUsd } = config;
  return {
    models: judgeModels(clock, providersOf(config)),
    cache: new MemoryAnswerCache(),
    budget: dailyBudgetUsd === undefined ? undefined : new DailySpendBudget(clock, dailyBudgetUsd),
    priceOf: priceTable(config.prices),
    random,
  };
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
