import type { Json } from "@scouter/contracts";

/**
 * A model that answers a chat. The domain decides what to ask, when to retry and what it may cost; an adapter only
 * speaks one vendor's protocol.
 *
 * Contract (suite: `@scouter/testkit` `chatModelContract`):
 * - One call is one attempt: adapters never retry.
 * - With `schema`, `value` is the parsed structured answer, of the schema's top-level type. It is undefined when the
 *   answer is not that: the answer has been paid for, so it is returned with its text and its counts all the same.
 * - Rejections are `ScouterError`s: `busy` (429, with `retryAfterMs` when the vendor gave it), `timeout`,
 *   `unavailable` (5xx, network), `unauthorized`, `invalid` (other 4xx). An abort rejects with the signal's reason.
 * - Usage counts are the vendor's; an unknown count is undefined, never 0.
 * - Keys and prompt texts never appear in error messages.
 */
export interface ChatModel {
  readonly provider: string;
  readonly model: string;
  complete(request: ChatRequest, options?: { readonly signal?: AbortSignal }): Promise<ChatAnswer>;
}

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  /** JSON schema (draft 2020-12) of the wanted answer; absent for free text. */
  readonly schema?: { readonly name: string; readonly schema: Json };
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  /** The following as vendors define them; an adapter leaves out what its vendor does not know. */
  readonly topP?: number;
  readonly topK?: number;
  readonly stopSequences?: readonly string[];
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
}

export interface ChatAnswer {
  readonly text: string;
  readonly value?: Json;
  readonly model: string;
  readonly finishReason?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}
