import { createServer, request as forward, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface OverloadedProxy {
  readonly url: string;
  /** How many requests it refused. */
  refusals(): number;
  close(): Promise<void>;
}

/** A server that is too busy for every other message, as the real one says it; the rest goes to the real one. */
export async function overloadedProxy(targetUrl: string): Promise<OverloadedProxy> {
  let messages = 0;
  let refusals = 0;
  const server = createServer((request, response) => {
    if (request.url === "/scouter/message") messages += 1;
    if (request.url === "/scouter/message" && messages % 2 === 1) {
      refusals += 1;
      request.resume();
      response.writeHead(429, { "retry-after": "0.05", "content-type": "application/json" });
      response.end('{"error":"the channel is full","code":"RESOURCE_EXHAUSTED"}');
      return;
    }
    const { method, headers, url = "/" } = request;
    const outgoing = forward(
      new URL(url, targetUrl),
      { method, headers },
      (reply: IncomingMessage) => {
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(response);
      },
    );
    outgoing.on("error", () => response.destroy());
    request.pipe(outgoing);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refusals: () => refusals,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
