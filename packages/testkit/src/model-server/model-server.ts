import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Arrivals } from "./arrivals.ts";
import type { ModelAnswer, ModelReply } from "./model-reply.ts";

/** One request as it came in. */
export interface ModelServerRequest<Body = JsonBody> {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
}

export type JsonBody = Readonly<Record<string, unknown>>;

/** How one vendor writes answers and errors. */
export interface ModelProtocol<Body> {
  /** Path of the base URL that a client is given, such as `/v1`. */
  readonly basePath: string;
  /** Whether there is such a route (the path is whole). */
  readonly hasRoute: (path: string) => boolean;
  readonly answer: (
    request: ModelServerRequest<Body>,
    reply: ModelAnswer,
    sequence: number,
  ) => object;
  readonly error: (error: ModelError) => object;
}

export interface ModelError {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

export interface ModelServerOptions<Body = JsonBody> {
  /** Decides what happens to each request, in the order of arrival. */
  readonly respond: (request: ModelServerRequest<Body>) => ModelReply | Promise<ModelReply>;
  /** Default 0: any free port. */
  readonly port?: number;
}

export interface ModelServer<Body = JsonBody> {
  /** The base URL a client is given. */
  readonly url: string;
  readonly requests: readonly ModelServerRequest<Body>[];
  /** Resolves when at least `count` requests have arrived. */
  untilRequests(count: number): Promise<void>;
  /** Ends every connection, also those kept waiting. */
  close(): Promise<void>;
}

/**
 * A local server without a model behind it: usage, finish reasons, tool calls and failures are as scripted. Streaming is
 * refused.
 */
export async function startModelServer<Body extends JsonBody>(
  protocol: ModelProtocol<Body>,
  options: ModelServerOptions<Body>,
): Promise<ModelServer<Body>> {
  const arrivals = new Arrivals<ModelServerRequest<Body>>();
  const server = createServer((request, response) => {
    serve(protocol, options, arrivals, request, response).catch((error: unknown) => {
      sendError(protocol, response, { status: 500, message: String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${protocol.basePath}`,
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

async function serve<Body extends JsonBody>(
  protocol: ModelProtocol<Body>,
  { respond }: ModelServerOptions<Body>,
  arrivals: Arrivals<ModelServerRequest<Body>>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = incoming.url ?? "";
  if (incoming.method !== "POST" || !protocol.hasRoute(path)) {
    sendError(protocol, response, { status: 404, message: `no such route: ${path}` });
    return;
  }
  const body = await readBody(incoming);
  if (body === undefined || body["stream"] === true) {
    const message = "expected a JSON body without stream: true";
    sendError(protocol, response, { status: 400, message });
    return;
  }
  const request = { path, headers: incoming.headers, body: body as Body };
  arrivals.add(request);
  const sequence = arrivals.items.length;
  const reply = await respond(request);
  switch (reply.kind) {
    case "answer":
      return sendJson(response, 200, protocol.answer(request, reply, sequence));
    case "failure": {
      const { status, errorType, errorMessage, retryAfter } = reply;
      if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter);
      return sendError(protocol, response, { status, type: errorType, message: errorMessage });
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

function sendError<Body>(
  protocol: ModelProtocol<Body>,
  response: ServerResponse,
  error: {
    readonly status: number;
    readonly type?: string | undefined;
    readonly message?: string | undefined;
  },
): void {
  const { status, type = "scripted_failure", message = "scripted failure" } = error;
  sendJson(response, status, protocol.error({ status, type, message }));
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function readBody(request: IncomingMessage): Promise<JsonBody | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as JsonBody;
  } catch {
    // The caller answers 400, as the real protocol does.
    return undefined;
  }
}
