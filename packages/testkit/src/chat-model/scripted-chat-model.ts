import { ScouterError, type ErrorKind, type Json } from "@scouter/contracts";
import type { ChatAnswer, ChatModel, ChatRequest } from "@scouter/evaluate";
import { Arrivals } from "../model-server/arrivals.ts";
import type { ModelAnswer, ModelReply } from "../model-server/model-reply.ts";

export interface ScriptedChatModelOptions {
  /** Decides what happens to each request, in the order of the calls. */
  readonly respond: (request: ChatRequest) => ModelReply;
  readonly model?: string;
}

/** A `ChatModel` without a network: behaves as the port says, with the answers of a script. */
export class ScriptedChatModel implements ChatModel {
  readonly provider = "scripted";
  readonly model: string;
  readonly #respond: ScriptedChatModelOptions["respond"];
  readonly #arrivals = new Arrivals<ChatRequest>();

  constructor(options: ScriptedChatModelOptions) {
    this.model = options.model ?? "scripted-model";
    this.#respond = options.respond;
  }

  get requests(): readonly ChatRequest[] {
    return this.#arrivals.items;
  }

  untilRequests(count: number): Promise<void> {
    return this.#arrivals.until(count);
  }

  async complete(
    request: ChatRequest,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<ChatAnswer> {
    options.signal?.throwIfAborted();
    const reply = this.#respond(request);
    this.#arrivals.add(request);
    switch (reply.kind) {
      case "answer":
        return this.#answer(request, reply);
      case "failure":
        throw failure(kindOfStatus(reply.status), `status ${reply.status}`, reply.retryAfter);
      case "silence":
        return never(options.signal);
      default:
        throw failure("unavailable", reply.kind);
    }
  }

  #answer(request: ChatRequest, reply: ModelAnswer): ChatAnswer {
    const { text, inputTokens, outputTokens, finishReason = "stop" } = reply;
    return {
      text,
      model: this.model,
      finishReason,
      ...(request.schema === undefined ? {} : structured(text, request.schema.schema)),
      ...(inputTokens === undefined ? {} : { inputTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
    };
  }
}

function structured(text: string, schema: Json): { readonly value?: Json } {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    // As the port says: an answer that is not JSON has no value.
    return {};
  }
  const wanted = (schema as { readonly type?: Json } | null)?.type;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return wanted === "object" && !isObject ? {} : { value };
}

function kindOfStatus(status: number): ErrorKind {
  if (status === 429) return "busy";
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 408 || status === 504) return "timeout";
  return status >= 500 ? "unavailable" : "invalid";
}

function failure(kind: ErrorKind, what: string, retryAfter?: string): ScouterError {
  return new ScouterError({
    code: "SCRIPTED_MODEL_FAILURE",
    kind,
    message: `scripted model: ${what}`,
    retryAfterMs: retryAfter === undefined ? undefined : Number(retryAfter) * 1_000,
  });
}

function never(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
