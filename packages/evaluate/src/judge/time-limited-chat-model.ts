import type { Clock } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { ChatModel } from "../port/chat-model.ts";
import { withTimeLimit } from "./time-limit.ts";

/** A model whose calls end in time, with EVALUATE_JUDGE_TIMEOUT, whatever the model does. */
export function timeLimitedChatModel(
  model: ChatModel,
  { clock, limitMs }: { readonly clock: Clock; readonly limitMs: number },
): ChatModel {
  return {
    provider: model.provider,
    model: model.model,
    complete: (request, { signal } = {}) =>
      withTimeLimit((limited) => model.complete(request, { signal: limited }), {
        clock,
        limitMs,
        signal,
        expired: () => errors.EVALUATE_JUDGE_TIMEOUT({ model: model.model, waitedMs: limitMs }),
      }),
  };
}
