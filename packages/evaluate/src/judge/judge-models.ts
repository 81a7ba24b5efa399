import type { Clock } from "@scouter/contracts";
import type { ChatModel } from "../port/chat-model.ts";
import { CallGate, limitedChatModel } from "./limited-chat-model.ts";
import { pausedChatModel, ProviderPause } from "./paused-chat-model.ts";
import { timeLimitedChatModel } from "./time-limited-chat-model.ts";

/** Finds the model that a prompt names. */
export interface JudgeModels {
  /** `provider` is lower case. Undefined: there is none. */
  get(provider: string, model: string): ChatModel | undefined;
}

/** Models that can be told of a pause which a provider asked another process for: limits of vendors are per account. */
export interface PausableJudgeModels extends JudgeModels {
  /** Does nothing for a provider that is not known. At most a minute. */
  pause(provider: string, ms: number): void;
}

/** Told once of each pause that a provider asked this process for, to tell other processes. May not throw. */
export type OnPauseAsked = (provider: string, ms: number) => void;

/** How models of one provider are made and called. */
export interface JudgeProvider {
  readonly create: (model: string) => ChatModel;
  /** Calls at the same time over all its models, at least 1. Default 8. */
  readonly concurrency?: number | undefined;
  /** Longest wait for one answer. Default 60,000. */
  readonly callTimeoutMs?: number | undefined;
}

const DEFAULT_CONCURRENCY = 8;
const DEFAULT_CALL_TIMEOUT_MS = 60_000;
/** Names of models come from profiles, so their number is bounded. */
const MAX_MODELS = 200;

/**
 * Models by provider and name, each made once, with the provider's limits. A provider of your own is one more entry.
 *
 * ```ts
 * const models = judgeModels(systemClock, new Map([["toy", { create: (name) => new ToyModel(name) }]]));
 * ```
 */
export function judgeModels(
  clock: Clock,
  providers: ReadonlyMap<string, JudgeProvider>,
  onPauseAsked: OnPauseAsked = () => undefined,
): PausableJudgeModels {
  const gates = new Map<string, CallGate>();
  const pauses = new Map<string, ProviderPause>();
  const made = new Map<string, ChatModel>();
  for (const [name, { concurrency }] of providers) {
    gates.set(name, new CallGate(concurrency ?? DEFAULT_CONCURRENCY));
    pauses.set(name, new ProviderPause(clock));
  }
  return {
    pause(providerName, ms) {
      pauses.get(providerName)?.ask(ms);
    },
    get(providerName, modelName) {
      const provider = providers.get(providerName);
      const gate = gates.get(providerName);
      const pause = pauses.get(providerName);
      if (provider === undefined || gate === undefined || pause === undefined) return undefined;
      const key = `${providerName}/${modelName}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      const limitMs = provider.callTimeoutMs ?? DEFAULT_CALL_TIMEOUT_MS;
      // The wait for a place, and a pause, are not part of the wait for the answer.
      const limited = timeLimitedChatModel(provider.create(modelName), { clock, limitMs });
      const onAsked = (ms: number) => onPauseAsked(providerName, ms);
      const model = limitedChatModel(pausedChatModel(limited, pause, onAsked), gate);
      if (made.size >= MAX_MODELS) made.clear();
      made.set(key, model);
      return model;
    },
  };
}
