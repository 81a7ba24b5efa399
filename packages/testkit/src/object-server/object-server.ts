import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Arrivals } from "../model-server/arrivals.ts";

/** One request as it came in. */
export interface ObjectRequest {
  readonly method: string;
  /** As sent: path and query are still encoded. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface ObjectReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/**
 * - `refuse`, `throttle`, `forbid`: nothing happens; 503, 429 or 403.
 * - `drop`: nothing happens and the connection breaks.
 * - `lose-reply`: the work is done and the connection breaks.
 * - `hold`: nothing happens and no answer comes.
 */
export type ServerFault = "refuse" | "throttle" | "forbid" | "drop" | "lose-reply" | "hold";

export type ServerFaultPlan = (request: ObjectRequest) => ServerFault | undefined;

/** A local object store over HTTP, behind which lies a map; preconditions hold, as requests are served one by one. */
export interface ObjectServer {
  /** Without a slash at the end. */
  readonly url: string;
  readonly requests: readonly ObjectRequest[];
  /** Resolves when at least `count` requests have arrived. */
  untilRequests(count: number): Promise<void>;
  /** Decides the fault of each request from now on. */
  misbehave(plan: ServerFaultPlan): void;
  /** Ends every connection, also those kept waiting. */
  close(): Promise<void>;
}

const REFUSALS = { refuse: 503, throttle: 429, forbid: 403 } as const;

export async function startObjectServer(
  handle: (request: ObjectRequest) => ObjectReply,
): Promise<ObjectServer> {
  const arrivals = new Arrivals<ObjectRequest>();
  let plan: ServerFaultPlan = () => undefined;
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(incoming);
    const fault = plan(request);
    arrivals.add(request);
    if (fault === "hold") return;
    if (fault === "drop") return void response.destroy();
    if (fault === "refuse" || fault === "throttle" || fault === "forbid") {
      return send(response, { status: REFUSALS[fault] });
    }
    const reply = handle(request);
    if (fault === "lose-reply") return void response.destroy();
    return send(response, reply, request.method === "HEAD");
  };
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: arrivals.items,
    untilRequests: (count) => arrivals.until(count),
    misbehave: (next) => {
      plan = next;
    },
    close: () =>
      new Promise((resolve) => {
        // The only error is that the server is closed already.
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ObjectRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? "",
    url: new URL(incoming.url ?? "/", "http://store"),
    headers: incoming.headers as ObjectRequest["headers"],
    body: Buffer.concat(chunks),
  };
}

function send(response: ServerResponse, reply: ObjectReply, isHead = false): void {
  const length = isHead ? {} : { "content-length": String(Buffer.byteLength(reply.body ?? "")) };
  response.writeHead(reply.status, { ...length, ...reply.headers });
  response.end(isHead ? undefined : reply.body);
}
