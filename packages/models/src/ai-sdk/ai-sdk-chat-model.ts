import type { ChatAnswer, ChatModel, ChatRequest } from "@scouter/evaluate";
import type { LanguageModel } from "ai";
import { structuredValue } from "../structured-answer.ts";
import { translateError, type CalledModel } from "../translate-error.ts";

/** What every adapter is told; each adds what its vendor needs. */
export interface VendorOptions {
  /** The vendor's name for the model. */
  readonly model: string;
  /** Where the vendor's API begins; a test's or a proxy's address. */
  readonly baseUrl?: string | undefined;
  /** Longest wait for one answer, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Further headers, such as an organisation. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface AiSdkModel {
  /** Name in results and messages. */
  readonly provider: string;
  readonly model: string;
  readonly timeoutMs: number | undefined;
  /** Loads the vendor's package; called with the first call. */
  readonly load: () => Promise<LanguageModel>;
  /** Counts in the vendor's own usage object; undefined what it does not say. */
  readonly readUsage: (raw: Readonly<Record<string, unknown>>) => ReportedUsage;
}

export interface ReportedUsage {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** Loaded with the first call: a server whose profiles have no judges never pays for it. */
const loadSdk = () => import("ai");
type Sdk = Awaited<ReturnType<typeof loadSdk>>;

/** A `ChatModel` over a language model of the AI SDK. Every call is one attempt. */
export function aiSdkChatModel(options: AiSdkModel): ChatModel {
  const called: CalledModel = { provider: options.provider, model: options.model };
  let languageModel: Promise<LanguageModel> | undefined;
  return {
    ...called,
    async complete(request, { signal } = {}) {
      signal?.throwIfAborted();
      const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
      const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
      try {
        const sdk = await loadSdk();
        languageModel ??= options.load();
        return await generate(sdk, await languageModel, request, either, options);
      } catch (error) {
        signal?.throwIfAborted();
        throw translateError(error, called, timeout.aborted);
      }
    },
  };
}

async function generate(
  sdk: Sdk,
  model: LanguageModel,
  request: ChatRequest,
  abortSignal: AbortSignal,
  { readUsage }: AiSdkModel,
): Promise<ChatAnswer> {
  const { schema, messages, stopSequences, ...sampling } = request;
  const result = await sdk.generateText({
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    allowSystemInMessages: true,
    maxRetries: 0,
    abortSignal,
    ...sampling,
    ...(stopSequences === undefined ? {} : { stopSequences: [...stopSequences] }),
    ...(schema === undefined ? {} : { output: askedFor(sdk, schema) }),
  });
  const usage = readUsage(result.usage.raw ?? {});
  const value = schema === undefined ? undefined : structuredValue(result.text, schema.schema);
  return {
    text: result.text,
    model: result.response.modelId,
    finishReason: result.finishReason,
    ...(value === undefined ? {} : { value }),
    ...(usage.inputTokens === undefined ? {} : { inputTokens: usage.inputTokens }),
    ...(usage.outputTokens === undefined ? {} : { outputTokens: usage.outputTokens }),
  };
}

/**
 * Asks for JSON as the SDK's object output does, but takes the answer as text: the SDK rejects an answer that is not the
 * object, and with it what the vendor counted for it.
 */
function askedFor(sdk: Sdk, { name, schema }: NonNullable<ChatRequest["schema"]>) {
  // The SDK types a schema as JSON Schema 7; it hands it on unread, so a newer draft passes too.
  const { responseFormat } = sdk.Output.object({ name, schema: sdk.jsonSchema(schema as object) });
  return { ...sdk.Output.text(), responseFormat };
}

/** A count, or several that make up one; undefined when the first is no number: the SDK would put 0 there. */
export function count(first: unknown, ...others: readonly unknown[]): number | undefined {
  if (typeof first !== "number") return undefined;
  return others.reduce<number>(
    (sum, other) => sum + (typeof other === "number" ? other : 0),
    first,
  );
}
