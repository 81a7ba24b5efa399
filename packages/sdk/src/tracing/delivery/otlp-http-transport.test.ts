import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SendResult } from "../../transport/transport.ts";
import { otlpHttpTransport } from "./otlp-http-transport.ts";

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

let reply: Reply;
let received: { readonly headers: IncomingHttpHeaders; readonly body: Buffer }[];
let endpoint: string;
let close: () => void;

beforeEach(async () => {
  received = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      received.push({ headers: request.headers, body });
      response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  close = () => {
    server.close();
    server.closeAllConnections();
  };
});
afterEach(() => close());

const peers = {
  deserializeResponse: (bytes: Uint8Array) => ProtobufTraceSerializer.deserializeResponse(bytes),
  unobserved: <Result>(run: () => Result) => run(),
};
const batch = { body: new Uint8Array(2_000).fill(7), itemCount: 3, producer: "p", sequence: 1 };
const transport = (options: { readonly gzip?: boolean; readonly token?: () => string } = {}) =>
  otlpHttpTransport({ endpoint, timeoutMs: 60_000, ...options }, peers);

/** `partial_success { rejected_spans: 2, error_message: "bad" }` by hand: OTLP's field numbers 1, 1 and 2. */
const partial = Uint8Array.of(0x0a, 7, 0x08, 2, 0x12, 3, ...Buffer.from("bad"));
const refused = (index: number) => ({ index, code: "OTLP_PARTIAL_SUCCESS", message: "bad" });

describe("otlpHttpTransport", () => {
  test.each<[string, Reply, SendResult]>([
    ["an empty success", { status: 200 }, { outcome: "acknowledged", rejected: [] }],
    [
      "a partial success",
      { status: 200, body: partial },
      { outcome: "acknowledged", rejected: [refused(0), refused(1)] },
    ],
    [
      "a page of a proxy",
      { status: 200, body: Buffer.from("<html>") },
      { outcome: "retry", reason: "a success whose body is not OTLP's" },
    ],
    [
      "too much at once",
      { status: 429, headers: { "retry-after": "2" } },
      { outcome: "retry", reason: "429 Too Many Requests", retryAfterMs: 2_000 },
    ],
    [
      "a server that is going down",
      { status: 503 },
      { outcome: "retry", reason: "503 Service Unavailable" },
    ],
    [
      "a bad request",
      { status: 400 },
      { outcome: "failed", code: "HTTP_400", reason: "400 Bad Request" },
    ],
  ])("understands %s", async (_, given, expected) => {
    reply = given;
    expect(await transport().send(batch)).toEqual(expected);
  });

  test("sends protobuf with the token of the moment", async () => {
    reply = { status: 200 };
    await transport({ token: () => "t1" }).send(batch);
    expect(received[0]?.headers).toMatchObject({
      "content-type": "application/x-protobuf",
      authorization: "Bearer t1",
    });
    expect(received[0]?.body.equals(batch.body)).toBe(true);
  });

  test("compresses when asked to", async () => {
    reply = { status: 200 };
    await transport({ gzip: true }).send(batch);
    expect(received[0]?.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(received[0]?.body ?? Buffer.of()).equals(batch.body)).toBe(true);
  });

  test("a server that is not there is tried again later", async () => {
    close();
    expect(await transport().send(batch)).toMatchObject({ outcome: "retry" });
  });

  test("refuses an endpoint that is none", () => {
    expect(() => otlpHttpTransport({ endpoint: "ftp://host" }, peers)).toThrow("ftp://host");
  });
});
