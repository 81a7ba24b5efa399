import { createServer } from "node:http";
import {
  answeringTransportContract,
  transportContract,
  type MakeTransportSubject,
} from "@scouter/testkit/contract/transport";
import { messageServer, type MessageServer } from "@scouter/testkit/contract/message-server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { httpTransport } from "./http-transport.ts";
import type { OutgoingBatch } from "./transport.ts";

for (const gzip of [false, true]) {
  const makeSubject: MakeTransportSubject = async () => {
    const server = await messageServer();
    const transport = httpTransport({ baseUrl: server.baseUrl, gzip });
    return {
      transport,
      farEnd: server.script,
      async dispose() {
        await server.close();
        await transport.close();
      },
    };
  };
  transportContract(`http, gzip ${gzip}`, makeSubject);
  answeringTransportContract(`http, gzip ${gzip}`, makeSubject);
}

describe("httpTransport", () => {
  let server: MessageServer;
  beforeEach(async () => {
    server = await messageServer();
  });
  afterEach(async () => {
    await server.close();
  });

  test("sends identity, token and content type, and compresses what is worth it", async () => {
    const transport = httpTransport({ baseUrl: `${server.baseUrl}/`, token: "t0", gzip: true });
    await transport.send(batchOf("small"));
    await transport.send(batchOf("x".repeat(2_000)));
    expect(server.headers[0]).toMatchObject({
      authorization: "Bearer t0",
      "content-type": "application/json",
      "x-scouter-producer": "p",
      "x-scouter-sequence": "1",
    });
    expect(server.headers.map((headers) => headers["content-encoding"])).toEqual([
      undefined,
      "gzip",
    ]);
    expect(server.script.received.map((message) => message.itemCount)).toEqual([1, 1]);
  });

  test("a reply that takes longer than the limit is a retry", async () => {
    const answer = Promise.withResolvers<void>();
    server.script.prepare({ kind: "wait", until: answer.promise });
    const transport = httpTransport({ baseUrl: server.baseUrl, timeoutMs: 50 });
    expect(await transport.send(batchOf("a"))).toEqual({
      outcome: "retry",
      reason: "no reply within 50 ms",
    });
    answer.resolve();
  });

  test("a server that is not there is a retry that names the reason", async () => {
    const { baseUrl } = server;
    await server.close();
    const result = await httpTransport({ baseUrl }).send(batchOf("a"));
    expect(result).toMatchObject({ outcome: "retry" });
    expect(result).toHaveProperty("reason", expect.stringContaining("ECONNREFUSED"));
  });

  test("a redirect is not followed: the page behind it could look like success", async () => {
    const requests: string[] = [];
    const redirecting = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    await new Promise<void>((listening) => {
      redirecting.listen(0, "127.0.0.1", listening);
    });
    const address = redirecting.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const result = await httpTransport({ baseUrl: `http://127.0.0.1:${port}` }).send(batchOf("a"));
    expect(result).toMatchObject({ outcome: "failed", code: "HTTP_302" });
    expect(requests).toEqual(["POST /scouter/message"]);
    redirecting.closeAllConnections();
    redirecting.close();
  });

  test.for([
    { options: { baseUrl: "localhost:8000" }, code: "SDK_BASE_URL_INVALID" },
    { options: { baseUrl: "ftp://host" }, code: "SDK_BASE_URL_INVALID" },
    { options: { timeoutMs: 0 }, code: "SDK_OPTION_OUT_OF_RANGE" },
    { options: { timeoutMs: Number.NaN }, code: "SDK_OPTION_OUT_OF_RANGE" },
  ])("refuses $options", ({ options, code }) => {
    expect(() => httpTransport(options)).toThrow(expect.objectContaining({ code }));
  });
});

function batchOf(context: string): OutgoingBatch {
  const body = Buffer.from(JSON.stringify({ records: [{ AgentEval: { record: { context } } }] }));
  return { body, itemCount: 1, producer: "p", sequence: 1 };
}
