import {
  startModelServer,
  type JsonBody,
  type ModelProtocol,
  type ModelServer,
  type ModelServerOptions,
} from "./model-server.ts";

const ROUTE = /^\/v1beta\/models\/([^/:]+):generateContent$/;
const FINISH_REASONS: Readonly<Record<string, string>> = { stop: "STOP", length: "MAX_TOKENS" };

const protocol: ModelProtocol<JsonBody> = {
  basePath: "/v1beta",
  hasRoute: (path) => ROUTE.test(path),
  answer: ({ path }, reply, sequence) => {
    const { text, inputTokens, outputTokens, finishReason = "stop", toolCalls = [] } = reply;
    return {
      candidates: [
        {
          content: {
            role: "model",
            parts: [
              { text },
              ...toolCalls.map(({ name, arguments: given }) => ({
                functionCall: { name, args: JSON.parse(given) as unknown },
              })),
            ],
          },
          finishReason: FINISH_REASONS[finishReason] ?? finishReason,
          index: 0,
        },
      ],
      ...(inputTokens === undefined && outputTokens === undefined
        ? {}
        : {
            usageMetadata: {
              ...(inputTokens === undefined ? {} : { promptTokenCount: inputTokens }),
              ...(outputTokens === undefined ? {} : { candidatesTokenCount: outputTokens }),
              totalTokenCount: (inputTokens ?? 0) + (outputTokens ?? 0),
            },
          }),
      modelVersion: ROUTE.exec(path)?.[1],
      responseId: `response-${sequence}`,
    };
  },
  error: ({ status, type, message }) => ({ error: { code: status, message, status: type } }),
};

/** A local server of Gemini's `POST /v1beta/models/<model>:generateContent`. */
export function startGoogleModelServer(options: ModelServerOptions): Promise<ModelServer> {
  return startModelServer(protocol, options);
}
