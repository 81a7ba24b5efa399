import type { ModelAnswer } from "./model-reply.ts";
import {
  startModelServer,
  type ModelProtocol,
  type ModelServer,
  type ModelServerOptions,
  type ModelServerRequest as Request,
} from "./model-server.ts";

export type ModelServerRequest = Request<ChatCompletionBody>;

/** The members of a chat-completions request that tests look at; the rest is there too. */
export interface ChatCompletionBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly response_format?: {
    readonly type: string;
    readonly json_schema?: { readonly name: string; readonly schema: unknown };
  };
  readonly [member: string]: unknown;
}

export type OpenAiModelServerOptions = ModelServerOptions<ChatCompletionBody>;
export type OpenAiModelServer = ModelServer<ChatCompletionBody>;

const CHAT = "/v1/chat/completions";
const RESPONSES = "/v1/responses";

const protocol: ModelProtocol<ChatCompletionBody> = {
  basePath: "/v1",
  hasRoute: (path) => path === CHAT || path === RESPONSES,
  answer: ({ path, body }, reply, sequence) =>
    path === CHAT
      ? chatCompletion(body.model, reply, sequence)
      : responseObject(body.model, reply, sequence),
  error: ({ message, type }) => ({ error: { message, type, param: null, code: null } }),
};

/** A local server of OpenAI's two protocols, `POST /v1/chat/completions` and `POST /v1/responses`. */
export function startOpenAiModelServer(
  options: OpenAiModelServerOptions,
): Promise<OpenAiModelServer> {
  return startModelServer(protocol, options);
}

function chatCompletion(model: string, reply: ModelAnswer, sequence: number): object {
  const toolCalls = reply.toolCalls?.map(({ id, name, arguments: text }) => ({
    id,
    type: "function",
    function: { name, arguments: text },
  }));
  const finishReason = reply.finishReason ?? (toolCalls === undefined ? "stop" : "tool_calls");
  return {
    id: `chatcmpl-${sequence}`,
    object: "chat.completion",
    created: 1_735_689_600,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: reply.text === "" && toolCalls !== undefined ? null : reply.text,
          ...(toolCalls === undefined ? {} : { tool_calls: toolCalls }),
        },
        finish_reason: finishReason,
      },
    ],
    ...usageOf(reply),
  };
}

function responseObject(model: string, reply: ModelAnswer, sequence: number): object {
  const isCut = reply.finishReason === "length";
  return {
    id: `resp_${sequence}`,
    object: "response",
    created_at: 1_735_689_600,
    status: isCut ? "incomplete" : "completed",
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    error: null,
    model,
    output: [
      {
        id: `msg_${sequence}`,
        type: "message",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: reply.text, annotations: [] }],
      },
      ...(reply.toolCalls ?? []).map((call) => ({
        id: `fc_${call.id}`,
        type: "function_call",
        call_id: call.id,
        name: call.name,
        arguments: call.arguments,
        status: "completed",
      })),
    ],
    // Unlike the older protocol, this one has counts in every answer.
    ...usageOf({ inputTokens: 1, outputTokens: 1, ...reply }),
  };
}

/** Both protocols' names for the counts: a client reads its own. */
function usageOf({
  inputTokens,
  outputTokens,
}: Pick<ModelAnswer, "inputTokens" | "outputTokens">): object {
  if (inputTokens === undefined && outputTokens === undefined) return {};
  return {
    usage: {
      ...(inputTokens === undefined
        ? {}
        : { prompt_tokens: inputTokens, input_tokens: inputTokens }),
      ...(outputTokens === undefined
        ? {}
        : { completion_tokens: outputTokens, output_tokens: outputTokens }),
      total_tokens: (inputTokens ?? 0) + (outputTokens ?? 0),
    },
  };
}
