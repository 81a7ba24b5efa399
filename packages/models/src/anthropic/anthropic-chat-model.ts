import type { ChatModel } from "@scouter/evaluate";
import { aiSdkChatModel, count, type VendorOptions } from "../ai-sdk/ai-sdk-chat-model.ts";

export interface AnthropicOptions extends VendorOptions {
  readonly apiKey: string;
}

const BASE_URL = "https://api.anthropic.com/v1";

/**
 * A model of Anthropic.
 *
 * ```ts
 * const model = anthropicChatModel({ apiKey, model: "claude-haiku-4-5" });
 * ```
 */
export function anthropicChatModel(options: AnthropicOptions): ChatModel {
  return aiSdkChatModel({
    provider: "anthropic",
    model: options.model,
    timeoutMs: options.timeoutMs,
    load: async () => {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      return createAnthropic({
        apiKey: options.apiKey,
        baseURL: options.baseUrl ?? BASE_URL,
        ...(options.headers === undefined ? {} : { headers: { ...options.headers } }),
      })(options.model);
    },
    readUsage: (raw) => ({
      // Anthropic counts what its prompt cache took in or gave out apart from the rest of the input.
      inputTokens: count(
        raw["input_tokens"],
        raw["cache_creation_input_tokens"],
        raw["cache_read_input_tokens"],
      ),
      outputTokens: count(raw["output_tokens"]),
    }),
  });
}
