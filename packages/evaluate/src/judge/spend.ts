import type { ChatAnswer, ChatModel, ChatRequest } from "../port/chat-model.ts";

/** US dollars for a million tokens. */
export interface TokenPrice {
  readonly inputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
}

/** Undefined: the price of this model is not known. */
export type PriceOf = (provider: string, model: string) => TokenPrice | undefined;

/** What the judges of a task or a record used. */
export interface JudgeUsage {
  /** Calls that reached a model, failed ones among them. */
  readonly calls: number;
  /** Answers that the cache had. */
  readonly cachedCalls: number;
  /** As the vendors counted; calls without counts add nothing. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null as soon as one call's price or count is not known. */
  readonly costUsd: number | null;
}

/** Adds up what calls use. */
export class SpendMeter {
  #calls = 0;
  #cachedCalls = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #costUsd: number | null = 0;

  addCall(answer: ChatAnswer | undefined, price: TokenPrice | undefined): void {
    this.#calls += 1;
    if (answer === undefined) return;
    this.#inputTokens += answer.inputTokens ?? 0;
    this.#outputTokens += answer.outputTokens ?? 0;
    const cost = costUsd(answer, price);
    this.#costUsd = cost === undefined || this.#costUsd === null ? null : this.#costUsd + cost;
  }

  addHit(): void {
    this.#cachedCalls += 1;
  }

  get usage(): JudgeUsage {
    return {
      calls: this.#calls,
      cachedCalls: this.#cachedCalls,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      costUsd: this.#costUsd,
    };
  }
}

/** A model whose calls are counted. */
export function meteredChatModel(
  model: ChatModel,
  meter: SpendMeter,
  price: TokenPrice | undefined,
): ChatModel {
  return {
    provider: model.provider,
    model: model.model,
    async complete(request, options) {
      let answer: ChatAnswer | undefined;
      try {
        answer = await model.complete(request, options);
        return answer;
      } finally {
        meter.addCall(answer, price);
      }
    },
  };
}

/** What an answer cost; undefined when its price or one of its counts is not known. */
export function costUsd(answer: ChatAnswer, price: TokenPrice | undefined): number | undefined {
  const { inputTokens, outputTokens } = answer;
  if (price === undefined || inputTokens === undefined || outputTokens === undefined) {
    return undefined;
  }
  return priceOfTokens(price, inputTokens, outputTokens);
}

/** An answer of unknown length is taken for this long: longer than judges write. */
const ASSUMED_OUTPUT_TOKENS = 2_048;
/** UTF-8 bytes a token, on the low side: English has about 4, Chinese about 3. */
const BYTES_PER_TOKEN = 3;

/** The most that a call is likely to cost; undefined without a price. */
export function estimatedCostUsd(
  request: ChatRequest,
  price: TokenPrice | undefined,
): number | undefined {
  if (price === undefined) return undefined;
  const text = request.messages.map(({ content }) => content).join("\n");
  const schema = request.schema === undefined ? "" : JSON.stringify(request.schema);
  const bytes = Buffer.byteLength(text) + Buffer.byteLength(schema);
  return priceOfTokens(
    price,
    Math.ceil(bytes / BYTES_PER_TOKEN),
    request.maxOutputTokens ?? ASSUMED_OUTPUT_TOKENS,
  );
}

function priceOfTokens(price: TokenPrice, input: number, output: number): number {
  return (price.inputUsdPerMillion * input + price.outputUsdPerMillion * output) / 1e6;
}
