import { SpanKind } from "@opentelemetry/api";
import { type Clock, isScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type {
  ChatCompletion,
  ChatError,
  ChatMessage,
  ChatRequest,
} from "../model/chat-protocol.ts";
import { RETRY_COUNT_HEADER } from "../model/model-server.ts";
import { attribute, inputMessages, outputMessages, textParts } from "./genai-attributes.ts";
import type { Traced } from "./traced.ts";

export const PROVIDER_NAME = "openai";

const MAXIMUM_TRIES = 2;
const PAUSE_MS = 5;

export interface ChatClient {
  /** One answer of the model; each try is a span. @throws DEMO_MODEL_OVERLOADED, DEMO_MODEL_REFUSED, DEMO_MODEL_ANSWER */
  complete(
    request: ChatRequest,
    conversation: string,
    signal?: AbortSignal,
  ): Promise<ChatCompletion>;
}

/** A client of the chat completions protocol, traced by the conventions for generative AI. */
export function chatClient(options: {
  /** Up to and with `/v1`. */
  readonly baseUrl: string;
  readonly traced: Traced;
  readonly clock: Clock;
}): ChatClient {
  const { traced, clock } = options;
  const url = new URL(`${options.baseUrl}/chat/completions`);
  return {
    async complete(request, conversation, signal) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await tracedTry(traced, {
            url,
            request,
            conversation,
            retries: tries - 1,
            signal,
          });
        } catch (error) {
          if (!isScouterError(error) || !error.retryable || tries === MAXIMUM_TRIES) throw error;
          await clock.sleep(PAUSE_MS, signal);
        }
      }
    },
  };
}

interface Try {
  readonly url: URL;
  readonly request: ChatRequest;
  readonly conversation: string;
  readonly retries: number;
  readonly signal: AbortSignal | undefined;
}

function tracedTry(traced: Traced, call: Try): Promise<ChatCompletion> {
  const { url, request } = call;
  const attributes = {
    [attribute.operation]: "chat",
    [attribute.provider]: PROVIDER_NAME,
    [attribute.requestModel]: request.model,
    [attribute.requestTemperature]: request.temperature,
    [attribute.requestSeed]: request.seed,
    [attribute.conversation]: call.conversation,
    [attribute.serverAddress]: url.hostname,
    [attribute.serverPort]: Number(url.port),
    [attribute.systemInstructions]: textParts(systemText(request.messages)),
    [attribute.inputMessages]: inputMessages(request.messages),
    [attribute.toolDefinitions]: JSON.stringify(request.tools ?? []),
  };
  const name = `chat ${request.model}`;
  return traced(name, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    const completion = await post(call);
    span.setAttributes({
      [attribute.responseId]: completion.id,
      [attribute.responseModel]: completion.model,
      [attribute.finishReasons]: completion.choices.map((choice) => choice.finish_reason),
      [attribute.inputTokens]: completion.usage.prompt_tokens,
      [attribute.outputTokens]: completion.usage.completion_tokens,
      [attribute.outputMessages]: outputMessages(completion.choices),
    });
    return completion;
  });
}

async function post({ url, request, retries, signal }: Try): Promise<ChatCompletion> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", [RETRY_COUNT_HEADER]: String(retries) },
    body: JSON.stringify(request),
    ...(signal === undefined ? {} : { signal }),
  });
  const body = (await response.json()) as ChatCompletion | ChatError;
  if ("error" in body) {
    const refusal = { status: response.status, reason: body.error.message };
    throw response.status >= 500
      ? errors.DEMO_MODEL_OVERLOADED(refusal)
      : errors.DEMO_MODEL_REFUSED(refusal);
  }
  return body;
}

function systemText(messages: readonly ChatMessage[]): string {
  return messages.find((message) => message.role === "system")?.content ?? "";
}
