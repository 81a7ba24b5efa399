import type { Clock, Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { ChatAnswer, ChatModel, ChatRequest } from "../port/chat-model.ts";
import { cachedChatModel } from "./answer-cache.ts";
import { checkedChatModel } from "./checked-chat-model.ts";
import type { CompiledJudge } from "./compiled-judge.ts";
import type { Judging } from "./judging.ts";
import { renderPrompt } from "./prompt-template.ts";
import { retryingChatModel } from "./retrying-chat-model.ts";
import { meteredChatModel, type SpendMeter } from "./spend.ts";
import { budgetedChatModel } from "./spend-budget.ts";

export interface JudgeCall {
  readonly judge: CompiledJudge;
  readonly judging: Judging;
  readonly clock: Clock;
  /** Whose budget pays: the profile's uid. */
  readonly owner: string;
  readonly meter: SpendMeter;
}

/**
 * The question for one record.
 * @throws EVALUATE_PROMPT_VARIABLE_MISSING
 */
export function judgeRequest(judge: CompiledJudge, judging: Judging, context: Json): ChatRequest {
  const redact = judging.redact ?? ((text: string) => text);
  return {
    messages: judge.messages.map(({ role, content }) => ({
      role,
      content: redact(renderPrompt(content, context)),
    })),
    ...judge.settings,
  };
}

/** One answer that can be used, from the cache or the model. Rejects when there is none after all retries. */
export async function askJudge(
  call: JudgeCall,
  request: ChatRequest,
  vote: number,
  signal: AbortSignal,
): Promise<ChatAnswer> {
  return judgeModel(call, vote).complete(request, { signal });
}

/** The model of the prompt with everything around it; each layer is a `ChatModel` itself. */
function judgeModel({ judge, judging, clock, owner, meter }: JudgeCall, vote: number): ChatModel {
  const { provider, model: name, maxRetries } = judge;
  const base = judging.models.get(provider, name);
  if (base === undefined) {
    throw errors.EVALUATE_JUDGE_MODEL_MISSING({ provider, model: name });
  }
  const { budget, cache, random } = judging;
  const price = judging.priceOf?.(provider, name);
  const metered = meteredChatModel(base, meter, price);
  const paid =
    budget === undefined ? metered : budgetedChatModel(metered, { budget, owner, price });
  const retried = retryingChatModel(checkedChatModel(paid), { clock, maxRetries, random });
  if (cache === undefined) return retried;
  return cachedChatModel(retried, { cache, vote, onHit: () => meter.addHit() });
}
