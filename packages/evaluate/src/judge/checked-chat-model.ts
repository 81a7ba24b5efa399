import type { Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { ChatAnswer, ChatModel, ChatRequest } from "../port/chat-model.ts";
import { schemaMismatch } from "../json-schema/check-schema.ts";

/** A model whose structured answers fit their schema: others reject with EVALUATE_JUDGE_ANSWER_INVALID. */
export function checkedChatModel(model: ChatModel): ChatModel {
  return {
    provider: model.provider,
    model: model.model,
    async complete(request, options) {
      const answer = await model.complete(request, options);
      const reason = unusable(answer, request);
      if (reason === undefined) return answer;
      throw errors.EVALUATE_JUDGE_ANSWER_INVALID({ model: model.model, reason });
    },
  };
}

function unusable({ value, finishReason, text }: ChatAnswer, request: ChatRequest) {
  if (request.schema === undefined) return text === "" ? "it is empty" : undefined;
  if (value !== undefined) return schemaMismatch(value, request.schema.schema);
  return finishReason === "length" ? "it was cut off" : "it is not the JSON that was asked for";
}

/** What an answer says: its structured value, else its text as JSON where it is that, else the text. */
export function answerValue({ value, text }: ChatAnswer): Json {
  if (value !== undefined) return value;
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Free text, such as `Positive`, is an answer too.
    return text.trim();
  }
}
