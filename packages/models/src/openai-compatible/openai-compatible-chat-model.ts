import type { ChatModel } from "@scouter/evaluate";
import { aiSdkChatModel, count, type VendorOptions } from "../ai-sdk/ai-sdk-chat-model.ts";

export interface OpenAiCompatibleOptions extends VendorOptions {
  /** Such as `https://api.openai.com/v1` or `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  /** Sent as a bearer token; leave it out for servers without one. */
  readonly apiKey?: string | undefined;
  /** Name in results and messages. Default `openai-compatible`. */
  readonly provider?: string | undefined;
}

/**
 * A model behind any server that speaks OpenAI's chat-completions protocol. Every call is one attempt.
 *
 * ```ts
 * const model = openAiCompatibleChatModel({ baseUrl, apiKey, model: "gpt-4o-mini" });
 * const { text } = await model.complete({ messages: [{ role: "user", content: "hello" }] });
 * ```
 */
export function openAiCompatibleChatModel(options: OpenAiCompatibleOptions): ChatModel {
  const provider = options.provider ?? "openai-compatible";
  return aiSdkChatModel({
    provider,
    model: options.model,
    timeoutMs: options.timeoutMs,
    load: async () => {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      return createOpenAICompatible({
        name: provider,
        baseURL: options.baseUrl,
        supportsStructuredOutputs: true,
        ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
        ...(options.headers === undefined ? {} : { headers: { ...options.headers } }),
      })(options.model);
    },
    readUsage: (raw) => ({
      inputTokens: count(raw["prompt_tokens"]),
      outputTokens: count(raw["completion_tokens"]),
    }),
  });
}
