import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { OutgoingBatch } from "@scouter/sdk";
import { FarEndScript, type FarEndStep } from "./far-end.ts";

/** An HTTP server that answers `POST /scouter/message` as its script says. */
export interface MessageServer {
  /** `http://127.0.0.1:<port>` */
  readonly baseUrl: string;
  readonly script: FarEndScript;
  /** Headers of every request, in order of arrival. */
  readonly headers: readonly IncomingMessage["headers"][];
  close(): Promise<void>;
}

export async function messageServer(): Promise<MessageServer> {
  const script = new FarEndScript();
  const headers: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    headers.push(request.headers);
    readMessage(request)
      .then((message) => answer(script.next(message), message.itemCount, response))
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    script,
    headers,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function readMessage(request: IncomingMessage): Promise<OutgoingBatch> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const sent = Buffer.concat(chunks);
  const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
  const { records } = JSON.parse(body.toString()) as { readonly records: readonly unknown[] };
  return {
    body,
    itemCount: records.length,
    producer: String(request.headers["x-scouter-producer"]),
    sequence: Number(request.headers["x-scouter-sequence"]),
  };
}

async function answer(
  step: FarEndStep,
  itemCount: number,
  response: ServerResponse,
): Promise<void> {
  switch (step.kind) {
    case "store":
      return json(response, 200, stored(itemCount));
    case "wait":
      await step.until;
      return json(response, 200, stored(itemCount));
    case "reject-items":
      return rejectItems(step, itemCount, response);
    case "busy":
      response.setHeader("retry-after", String(step.retryAfterMs / 1000));
      return json(response, 429, {
        error: "Service busy, retry later",
        code: "RESOURCE_EXHAUSTED",
      });
    case "unavailable":
      return json(response, 503, { error: "not ready", code: "UNAVAILABLE" });
    case "refuse":
      return json(response, 413, { error: "refused", code: step.code });
    case "lose-reply":
      response.destroy();
      return;
    case "garble-reply":
      response.writeHead(200, { "content-type": "text/html" }).end("<html>welcome</html>");
  }
}

function rejectItems(
  step: Extract<FarEndStep, { kind: "reject-items" }>,
  itemCount: number,
  response: ServerResponse,
): void {
  const rejected = step.items.map((item) => ({ ...item, uid: null }));
  if (rejected.length < itemCount) {
    const accepted = itemCount - rejected.length;
    const message = `${rejected.length} of ${itemCount} items were refused`;
    return json(response, 200, { status: "partial_success", message, accepted, rejected });
  }
  json(response, 422, { error: "no item was accepted", code: "BAD_REQUEST", rejected });
}

function stored(itemCount: number): object {
  return { status: "success", message: "stored", accepted: itemCount, rejected: [] };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
