export {
  openAiCompatibleChatModel,
  type OpenAiCompatibleOptions,
} from "./openai-compatible/openai-compatible-chat-model.ts";
