import type { Json } from "@scouter/contracts";
import type { ChatAnswer, ChatModel, ChatRequest } from "@scouter/evaluate";
import type { LanguageModel } from "ai";
import { errors } from "../errors.ts";
import { matchesTopLevelType } from "../structured-answer.ts";
import { translateError, type CalledModel } from "../translate-error.ts";

export interface OpenAiCompatibleOptions {
  /** Such as `https://api.openai.com/v1` or `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  /** The vendor's name for the model. */
  readonly model: string;
  /** Sent as a bearer token; leave it out for servers without one. */
  readonly apiKey?: string | undefined;
  /** Name in results and messages. Default `openai-compatible`. */
  readonly provider?: string | undefined;
  /** Longest wait for one answer, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Further headers, such as an organisation. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** Loaded with the first call: a server whose profiles have no judges never pays for it. */
const loadSdk = () => import("ai");
type Sdk = Awaited<ReturnType<typeof loadSdk>>;

/**
 * A model behind any server that speaks OpenAI's chat-completions protocol. Every call is one attempt.
 *
 * ```ts
 * const model = openAiCompatibleChatModel({ baseUrl, apiKey, model: "gpt-4o-mini" });
 * const { text } = await model.complete({ messages: [{ role: "user", content: "hello" }] });
 * ```
 */
export function openAiCompatibleChatModel(options: OpenAiCompatibleOptions): ChatModel {
  const provider = options.provider ?? "openai-compatible";
  const called: CalledModel = { provider, model: options.model };
  let languageModel: Promise<LanguageModel> | undefined;
  return {
    ...called,
    async complete(request, { signal } = {}) {
      signal?.throwIfAborted();
      const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
      const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
      try {
        const sdk = await loadSdk();
        languageModel ??= createLanguageModel(provider, options);
        return await generate(sdk, await languageModel, request, either, called);
      } catch (error) {
        signal?.throwIfAborted();
        throw translateError(error, called, timeout.aborted);
      }
    },
  };
}

async function createLanguageModel(
  provider: string,
  options: OpenAiCompatibleOptions,
): Promise<LanguageModel> {
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  return createOpenAICompatible({
    name: provider,
    baseURL: options.baseUrl,
    supportsStructuredOutputs: true,
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    ...(options.headers === undefined ? {} : { headers: { ...options.headers } }),
  })(options.model);
}

async function generate(
  sdk: Sdk,
  model: LanguageModel,
  request: ChatRequest,
  abortSignal: AbortSignal,
  called: CalledModel,
): Promise<ChatAnswer> {
  const { schema, temperature, maxOutputTokens } = request;
  const result = await sdk.generateText({
    model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    allowSystemInMessages: true,
    maxRetries: 0,
    abortSignal,
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(schema === undefined ? {} : { output: structuredOutput(sdk, schema) }),
  });
  const { inputTokens, outputTokens } = reportedUsage(result.usage.raw);
  return {
    text: result.text,
    model: result.response.modelId,
    finishReason: result.finishReason,
    ...(schema === undefined ? {} : { value: structuredValue(result, schema.schema, called) }),
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}

function structuredOutput(sdk: Sdk, { name, schema }: NonNullable<ChatRequest["schema"]>) {
  // The SDK types a schema as JSON Schema 7; it hands it on unread, so a newer draft passes too.
  return sdk.Output.object({ name, schema: sdk.jsonSchema<Json>(schema as object) });
}

function structuredValue(
  result: { readonly output: unknown },
  schema: Json,
  called: CalledModel,
): Json {
  const value = result.output as Json;
  if (matchesTopLevelType(value, schema)) return value;
  const reason = "the structured answer is JSON of another type than the schema's";
  throw errors.MODELS_ANSWER_NOT_JSON({ ...called, reason });
}

/** Counts as the vendor sent them: the SDK puts 0 where one of the two is missing. */
function reportedUsage(raw: unknown): { inputTokens?: number; outputTokens?: number } {
  const usage = (raw ?? {}) as { prompt_tokens?: unknown; completion_tokens?: unknown };
  return {
    ...(typeof usage.prompt_tokens === "number" ? { inputTokens: usage.prompt_tokens } : {}),
    ...(typeof usage.completion_tokens === "number"
      ? { outputTokens: usage.completion_tokens }
      : {}),
  };
}
