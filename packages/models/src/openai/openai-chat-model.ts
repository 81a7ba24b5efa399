import type { ChatModel } from "@scouter/evaluate";
import { aiSdkChatModel, count, type VendorOptions } from "../ai-sdk/ai-sdk-chat-model.ts";

export interface OpenAiOptions extends VendorOptions {
  readonly apiKey: string;
  /** Which of OpenAI's two protocols. Default `responses`. */
  readonly api?: "responses" | "chat" | undefined;
}

const BASE_URL = "https://api.openai.com/v1";

/**
 * A model of OpenAI. Servers that merely speak its protocol are better asked through `openAiCompatibleChatModel`.
 *
 * ```ts
 * const model = openAiChatModel({ apiKey, model: "gpt-4o-mini" });
 * ```
 */
export function openAiChatModel(options: OpenAiOptions): ChatModel {
  return aiSdkChatModel({
    provider: "openai",
    model: options.model,
    timeoutMs: options.timeoutMs,
    load: async () => {
      const { createOpenAI } = await import("@ai-sdk/openai");
      const provider = createOpenAI({
        apiKey: options.apiKey,
        baseURL: options.baseUrl ?? BASE_URL,
        ...(options.headers === undefined ? {} : { headers: { ...options.headers } }),
      });
      return options.api === "chat"
        ? provider.chat(options.model)
        : provider.responses(options.model);
    },
    readUsage: (raw) => ({
      inputTokens: count(raw["input_tokens"] ?? raw["prompt_tokens"]),
      outputTokens: count(raw["output_tokens"] ?? raw["completion_tokens"]),
    }),
  });
}
