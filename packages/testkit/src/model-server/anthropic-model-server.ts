import {
  startModelServer,
  type JsonBody,
  type ModelProtocol,
  type ModelServer,
  type ModelServerOptions,
} from "./model-server.ts";

const STOP_REASONS: Readonly<Record<string, string>> = { stop: "end_turn", length: "max_tokens" };

const protocol: ModelProtocol<JsonBody> = {
  basePath: "/v1",
  hasRoute: (path) => path === "/v1/messages",
  answer: ({ body }, reply, sequence) => {
    const { text, inputTokens = 1, outputTokens = 1, finishReason = "stop" } = reply;
    const { toolCalls = [] } = reply;
    return {
      id: `msg_${sequence}`,
      type: "message",
      role: "assistant",
      model: body["model"],
      content: [
        { type: "text", text },
        ...toolCalls.map(({ id, name, arguments: given }) => ({
          type: "tool_use",
          id,
          name,
          input: JSON.parse(given) as unknown,
        })),
      ],
      stop_reason: STOP_REASONS[finishReason] ?? finishReason,
      stop_sequence: null,
      usage: { input_tokens: inputTokens, output_tokens: outputTokens },
    };
  },
  error: ({ type, message }) => ({ type: "error", error: { type, message } }),
};

/** A local server of Anthropic's `POST /v1/messages`. Like the real one it counts tokens in every answer. */
export function startAnthropicModelServer(options: ModelServerOptions): Promise<ModelServer> {
  return startModelServer(protocol, options);
}
