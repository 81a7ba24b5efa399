import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Arrivals } from "./arrivals.ts";
import type { ModelAnswer, ModelReply } from "./model-reply.ts";

/** One request as it came in. */
export interface ModelServerRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: ChatCompletionBody;
}

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

export interface OpenAiModelServerOptions {
  /** Decides what happens to each request, in the order of arrival. */
  readonly respond: (request: ModelServerRequest) => ModelReply | Promise<ModelReply>;
  /** Default 0: any free port. */
  readonly port?: number;
}

export interface OpenAiModelServer {
  /** The base URL a client is given: `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  readonly requests: readonly ModelServerRequest[];
  /** Resolves when at least `count` requests have arrived. */
  untilRequests(count: number): Promise<void>;
  /** Ends every connection, also those kept waiting. */
  close(): Promise<void>;
}

/**
 * A local server of `POST /v1/chat/completions` without a model behind it: usage, finish reasons, tool calls and
 * failures are as scripted. Streaming is refused.
 */
export async function startOpenAiModelServer(
  options: OpenAiModelServerOptions,
): Promise<OpenAiModelServer> {
  const arrivals = new Arrivals<ModelServerRequest>();
  const server = createServer((request, response) => {
    answer(options.respond, arrivals, request, response).catch((error: unknown) => {
      sendError(response, { status: 500, message: String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests: arrivals.items,
    untilRequests: (count) => arrivals.until(count),
    close: () =>
      new Promise((resolve) => {
        // The only error is that the server is closed already.
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  respond: OpenAiModelServerOptions["respond"],
  arrivals: Arrivals<ModelServerRequest>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (incoming.method !== "POST" || incoming.url !== "/v1/chat/completions") {
    sendError(response, { status: 404, message: `no such route: ${incoming.url}` });
    return;
  }
  const body = await readBody(incoming);
  if (body === undefined || body["stream"] === true) {
    sendError(response, { status: 400, message: "expected a JSON body without stream: true" });
    return;
  }
  const request: ModelServerRequest = { headers: incoming.headers, body };
  arrivals.add(request);
  send(response, body, await respond(request), arrivals.items.length);
}

function send(
  response: ServerResponse,
  body: ChatCompletionBody,
  reply: ModelReply,
  sequence: number,
): void {
  switch (reply.kind) {
    case "answer":
      return sendJson(response, 200, chatCompletion(body.model, reply, sequence));
    case "failure": {
      const { status, errorType, errorMessage, retryAfter } = reply;
      if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter);
      return sendError(response, { status, type: errorType, message: errorMessage });
    }
    case "garbage":
      response.writeHead(200, { "content-type": "text/html" }).end(reply.body);
      return undefined;
    case "hang-up":
      response.socket?.destroy();
      return undefined;
    default:
      // Silence: the socket stays open until one side ends it.
      return undefined;
  }
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

function usageOf({ inputTokens, outputTokens }: ModelAnswer): object {
  if (inputTokens === undefined && outputTokens === undefined) return {};
  return {
    usage: {
      ...(inputTokens === undefined ? {} : { prompt_tokens: inputTokens }),
      ...(outputTokens === undefined ? {} : { completion_tokens: outputTokens }),
      total_tokens: (inputTokens ?? 0) + (outputTokens ?? 0),
    },
  };
}

function sendError(
  response: ServerResponse,
  error: {
    readonly status: number;
    readonly type?: string | undefined;
    readonly message?: string | undefined;
  },
): void {
  const { status, type = "scripted_failure", message = "scripted failure" } = error;
  sendJson(response, status, { error: { message, type, param: null, code: null } });
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function readBody(request: IncomingMessage): Promise<ChatCompletionBody | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as ChatCompletionBody;
  } catch {
    // The caller answers 400, as the real protocol does.
    return undefined;
  }
}
