export {
  openAiCompatibleChatModel,
  type OpenAiCompatibleOptions,
} from "./openai-compatible/openai-compatible-chat-model.ts";
export { openAiChatModel, type OpenAiOptions } from "./openai/openai-chat-model.ts";
export { anthropicChatModel, type AnthropicOptions } from "./anthropic/anthropic-chat-model.ts";
export { googleChatModel, type GoogleOptions } from "./google/google-chat-model.ts";
export type { VendorOptions } from "./ai-sdk/ai-sdk-chat-model.ts";
export { LIST_PRICES, type PricedModel, PRICES_AS_OF, priceTable } from "./price/price-table.ts";
