import { createHash } from "node:crypto";
import type { Json } from "@scouter/contracts";
import { canonicalText } from "../json/json-equals.ts";
import type { ChatAnswer, ChatModel, ChatRequest } from "../port/chat-model.ts";

/**
 * Answers by the content of their question. Contract: `get` resolves with what `set` was given last for the key, or with
 * undefined at any time (a cache may forget). Neither rejects: a cache that is broken has forgotten.
 */
export interface AnswerCache {
  get(key: string): Promise<ChatAnswer | undefined>;
  set(key: string, answer: ChatAnswer): Promise<void>;
}

/** The last answers, in memory. */
export class MemoryAnswerCache implements AnswerCache {
  readonly #answers = new Map<string, ChatAnswer>();
  readonly #capacity: number;

  constructor(capacity = 1_000) {
    this.#capacity = capacity;
  }

  async get(key: string): Promise<ChatAnswer | undefined> {
    const answer = this.#answers.get(key);
    if (answer === undefined) return undefined;
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    return answer;
  }

  async set(key: string, answer: ChatAnswer): Promise<void> {
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > this.#capacity && oldest !== undefined) this.#answers.delete(oldest);
  }
}

/** `vote` keeps the answers of one question apart: asking three times must not yield one answer thrice. */
export function answerKey(model: ChatModel, request: ChatRequest, vote: number): string {
  const question = { provider: model.provider, model: model.model, vote, ...request };
  return createHash("sha256")
    .update(canonicalText(question as unknown as Json))
    .digest("hex");
}

/** A model that is asked only what the cache does not know. Only answers that were good enough to return are kept. */
export function cachedChatModel(
  model: ChatModel,
  options: {
    readonly cache: AnswerCache;
    readonly vote: number;
    readonly onHit: () => void;
  },
): ChatModel {
  return {
    provider: model.provider,
    model: model.model,
    async complete(request, call) {
      call?.signal?.throwIfAborted();
      const key = answerKey(model, request, options.vote);
      const known = await options.cache.get(key);
      if (known !== undefined) {
        options.onHit();
        return known;
      }
      const answer = await model.complete(request, call);
      await options.cache.set(key, answer);
      return answer;
    },
  };
}
