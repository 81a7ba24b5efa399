import type { ChatModel } from "@scouter/evaluate";
import { aiSdkChatModel, count, type VendorOptions } from "../ai-sdk/ai-sdk-chat-model.ts";

export interface GoogleOptions extends VendorOptions {
  readonly apiKey: string;
}

const BASE_URL = "https://generativelanguage.googleapis.com/v1beta";

/**
 * A Gemini model of Google's Generative Language API.
 *
 * ```ts
 * const model = googleChatModel({ apiKey, model: "gemini-2.5-flash" });
 * ```
 */
export function googleChatModel(options: GoogleOptions): ChatModel {
  return aiSdkChatModel({
    provider: "google",
    model: options.model,
    timeoutMs: options.timeoutMs,
    load: async () => {
      const { createGoogle } = await import("@ai-sdk/google");
      return createGoogle({
        apiKey: options.apiKey,
        baseURL: options.baseUrl ?? BASE_URL,
        ...(options.headers === undefined ? {} : { headers: { ...options.headers } }),
      })(options.model);
    },
    readUsage: (raw) => ({
      inputTokens: count(raw["promptTokenCount"]),
      // Thoughts are billed as output and counted apart.
      outputTokens: count(raw["candidatesTokenCount"], raw["thoughtsTokenCount"]),
    }),
  });
}
