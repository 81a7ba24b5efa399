import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Arrivals } from "../model-server/arrivals.ts";

/** One request as it came in. */
export interface AlertServerRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As sent: what a signature covers. */
  readonly text: string;
  /** The parsed body. */
  readonly body: unknown;
}

export interface AlertServerAnswer {
  readonly status: number;
  readonly body: string;
}

/** How one provider takes alerts: it judges requests by its own rules, sizes included. */
export interface AlertProtocol {
  readonly path: string;
  readonly answer: (request: AlertServerRequest) => AlertServerAnswer;
  /** Where the provider looks for the key of a request. */
  readonly keyOf: (request: AlertServerRequest) => unknown;
}

/** What a fake provider does with its requests. */
export type AlertServerReply =
  /** As its protocol says. */
  | { readonly kind: "judge" }
  /** This status; the body repeats headers and body of the request, as some proxies do. */
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: "body"; readonly body: string }
  | { readonly kind: "redirect"; readonly location: string }
  /** The connection is closed without an answer. */
  | { readonly kind: "hang-up" }
  /** No answer, ever; ends when the client gives up or the server closes. */
  | { readonly kind: "silence" };

export interface AlertServer {
  /** Without a trailing slash and without the protocol's path. */
  readonly url: string;
  readonly requests: readonly AlertServerRequest[];
  /** What happens to every request from now on; at first they are judged. */
  script(reply: AlertServerReply): void;
  /** Resolves when at least `count` requests have arrived. */
  untilRequests(count: number): Promise<void>;
  /** Ends every connection, also those kept waiting. */
  close(): Promise<void>;
}

/** A local server that takes alerts as a provider does. */
export async function startAlertServer(protocol: AlertProtocol): Promise<AlertServer> {
  const arrivals = new Arrivals<AlertServerRequest>();
  let reply: AlertServerReply = { kind: "judge" };
  const server = createServer((incoming, response) => {
    const path = incoming.url ?? "";
    text(incoming)
      .then((sent) => {
        const request = { path, headers: incoming.headers, text: sent, body: parsed(sent) };
        arrivals.add(request);
        const known = incoming.method === "POST" && path === protocol.path;
        if (!known) return send(response, { status: 404, body: "no such route" });
        return serve({ protocol, request, reply, response });
      })
      // The client gave up while it was sending.
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: arrivals.items,
    script(next) {
      reply = next;
    },
    untilRequests: (count) => arrivals.until(count),
    close: () =>
      new Promise((resolve) => {
        // The only error is that the server is closed already.
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  readonly protocol: AlertProtocol;
  readonly request: AlertServerRequest;
  readonly reply: AlertServerReply;
  readonly response: ServerResponse;
}

function serve({ protocol, request, reply, response }: Exchange): void {
  switch (reply.kind) {
    case "judge":
      return send(response, protocol.answer(request));
    case "status": {
      if (reply.retryAfter !== undefined) response.setHeader("retry-after", reply.retryAfter);
      const body = JSON.stringify({ headers: request.headers, body: request.body });
      return send(response, { status: reply.status, body });
    }
    case "body":
      return send(response, { status: 200, body: reply.body });
    case "redirect":
      response.setHeader("location", reply.location);
      return send(response, { status: 307, body: "" });
    case "hang-up":
      response.socket?.destroy();
      return undefined;
    case "silence":
      return undefined;
  }
}

function send(response: ServerResponse, { status, body }: AlertServerAnswer): void {
  response.writeHead(status).end(body);
}

function parsed(sent: string): unknown {
  try {
    return JSON.parse(sent);
  } catch {
    // Protocols refuse what is no JSON.
    return undefined;
  }
}
