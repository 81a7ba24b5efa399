import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ChatCompletion, ChatError, ChatRequest } from "./chat-protocol.ts";
import { completeChat, readQuestion } from "./complete-chat.ts";

export const MODEL_NAME = "car-support-1";
/** Number of tries before this one, from 0: how clients of this protocol tell a retry. */
export const RETRY_COUNT_HEADER = "x-stainless-retry-count";

const MAXIMUM_BODY_BYTES = 1_000_000;

export interface ModelServer {
  /** Up to and with `/v1`. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body: ChatCompletion | ChatError;
}

/**
 * A language model that needs no key and no network: an HTTP server on a free port of this machine that speaks
 * `POST /v1/chat/completions`, answers by fixed rules and slips where the seed says so.
 */
export async function startModelServer(options: { readonly seed: number }): Promise<ModelServer> {
  const server = createServer((request, response) => {
    answer(request, options.seed).then(
      (reply) => send(response, reply),
      (error: unknown) => send(response, refuse(500, "server_error", String(error))),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${String(port)}/v1`, close: () => close(server) };
}

async function answer(request: IncomingMessage, seed: number): Promise<Reply> {
  const path = request.url ?? "/";
  if (request.method !== "POST" || path !== "/v1/chat/completions") {
    request.resume();
    return refuse(404, "invalid_request_error", `no route ${request.method ?? ""} ${path}`);
  }
  const text = await readBody(request);
  if (text === undefined) return refuse(413, "invalid_request_error", "the body is too large");
  const chat = parseRequest(text);
  if (chat === undefined) {
    return refuse(400, "invalid_request_error", "expected JSON with 'model' and 'messages'");
  }
  const reading = readQuestion(chat, seed);
  if (reading.slip === "overloaded" && request.headers[RETRY_COUNT_HEADER] === "0") {
    return refuse(503, "overloaded_error", "the model is overloaded, try again");
  }
  const createdSeconds = Math.floor(Date.now() / 1000);
  return { status: 200, body: completeChat(chat, reading, { seed, createdSeconds }) };
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes <= MAXIMUM_BODY_BYTES) chunks.push(chunk);
  }
  return sizeBytes > MAXIMUM_BODY_BYTES ? undefined : Buffer.concat(chunks).toString("utf8");
}

function parseRequest(text: string): ChatRequest | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined; // The caller answers 400; the parser's position would not help a client library.
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { model, messages } = parsed as Partial<ChatRequest>;
  return typeof model === "string" && Array.isArray(messages) ? (parsed as ChatRequest) : undefined;
}

function refuse(status: number, type: string, message: string): Reply {
  return { status, body: { error: { message, type, code: null } } };
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** Listening ends first: a connection that came between would keep the server open until it times out. */
function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  return closed;
}
