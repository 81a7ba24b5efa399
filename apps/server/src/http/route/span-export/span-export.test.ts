import { gzipSync } from "node:zlib";
import { ScouterError } from "@scouter/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";

const PROTOBUF = "application/x-protobuf";
let fixture: ApiFixture;

beforeEach(async () => {
  fixture = await apiFixture({ SCOUTER_MAX_BODY_MB: "0.01" });
});
afterEach(() => fixture.close());

async function send(payload: Buffer | string, headers: Record<string, string>, url = "/v1/traces") {
  return fixture.app.inject({ method: "POST", url, headers, payload });
}

describe("POST /v1/traces", () => {
  it("passes a compressed protobuf body on as it came and answers in protobuf", async () => {
    const body = gzipSync("not looked at");
    const reply = await send(body, { "content-type": PROTOBUF, "content-encoding": "gzip" });
    expect(reply.statusCode).toBe(200);
    expect(reply.headers["content-type"]).toBe(PROTOBUF);
    expect(reply.rawPayload).toHaveLength(0);
    const [request] = fixture.lake.requests;
    expect(request).toMatchObject({ format: "otlp-protobuf", contentEncoding: "gzip" });
    expect(Buffer.from(request?.body ?? [])).toEqual(body);
    // It is handed to another thread, so it must not share memory with other requests.
    expect(request?.body.buffer.byteLength).toBe(body.byteLength);
  });

  it("answers JSON in JSON", async () => {
    const reply = await send('{"resourceSpans":[]}', {
      "content-type": "application/json; charset=utf-8",
    });
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual({});
    expect(fixture.lake.requests[0]?.format).toBe("otlp-json");
  });

  it("keeps the field of the older address", async () => {
    const reply = await send("{}", { "content-type": "application/json" }, "/scouter/v1/traces");
    expect(reply.json()).toEqual({ received: true });
  });

  it("takes an empty protobuf body: a request without spans", async () => {
    const reply = await send("", { "content-type": PROTOBUF });
    expect(reply.statusCode).toBe(200);
    expect(fixture.lake.requests[0]?.body.byteLength).toBe(0);
  });

  it("stores the tags found on spans before it answers", async () => {
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    fixture.lake.findings = { tags: [{ traceId, key: "env", value: "prod" }], baggage: [] };
    await send("", { "content-type": PROTOBUF });
    expect(fixture.database.storedTags).toEqual([
      { entity_type: "trace", entity_id: traceId, key: "env", value: "prod" },
    ]);
  });

  describe("with rejected spans", () => {
    beforeEach(() => {
      fixture.lake.reply = {
        ...fixture.lake.reply,
        rejected: [{ index: 2, code: "OTLP_SPAN_ID_INVALID", reason: "no id" }],
      };
    });

    it("says so in JSON", async () => {
      const reply = await send("{}", { "content-type": "application/json" });
      expect(reply.statusCode).toBe(200);
      expect(reply.json()).toEqual({
        partialSuccess: {
          rejectedSpans: "1",
          errorMessage: "span 2: no id [OTLP_SPAN_ID_INVALID]",
        },
      });
    });

    it("says so in protobuf", async () => {
      const reply = await send("", { "content-type": PROTOBUF });
      const text = "span 2: no id [OTLP_SPAN_ID_INVALID]";
      const partial = [0x08, 1, 0x12, text.length, ...Buffer.from(text)];
      expect([...reply.rawPayload]).toEqual([0x0a, partial.length, ...partial]);
    });
  });

  it.each<[string, () => ScouterError, number, number, string | undefined]>([
    [
      "invalid",
      () =>
        new ScouterError({ code: "BAD", kind: "invalid", message: "bad bytes", remedy: "mend" }),
      400,
      3,
      undefined,
    ],
    [
      "too large",
      () => new ScouterError({ code: "BIG", kind: "too-large", message: "big" }),
      413,
      8,
      undefined,
    ],
    [
      "busy",
      () => new ScouterError({ code: "BUSY", kind: "busy", message: "busy", retryAfterMs: 1500 }),
      429,
      8,
      "2",
    ],
    [
      "unavailable",
      () => new ScouterError({ code: "AWAY", kind: "unavailable", message: "away" }),
      503,
      14,
      "1",
    ],
  ])(
    "answers %s as google.rpc.Status in the request's encoding",
    async (_kind, error, status, rpc, retry) => {
      fixture.lake.error = error();
      const json = await send("{}", { "content-type": "application/json" });
      expect(json.statusCode).toBe(status);
      expect(json.headers["retry-after"]).toBe(retry);
      const { code, message } = json.json<{ code: number; message: string }>();
      expect(code).toBe(rpc);
      expect(message).toContain(`[${error().code}]`);
      const protobuf = await send("", { "content-type": PROTOBUF });
      expect(protobuf.statusCode).toBe(status);
      expect(protobuf.headers["content-type"]).toBe(PROTOBUF);
      const text = Buffer.from(message);
      expect([...protobuf.rawPayload]).toEqual([0x08, rpc, 0x12, text.length, ...text]);
    },
  );

  it("does not tell the cause of a fault of ours", async () => {
    fixture.lake.error = new Error("password hunter2");
    const reply = await send("{}", { "content-type": "application/json" });
    expect(reply.statusCode).toBe(500);
    expect(reply.body).not.toContain("hunter2");
  });

  it.each<[string, Buffer | string, Record<string, string>, number, string]>([
    ["text", "hello", { "content-type": "text/plain" }, 415, "SERVER_CONTENT_TYPE_UNSUPPORTED"],
    ["no content type", "", {}, 415, "SERVER_CONTENT_TYPE_UNSUPPORTED"],
    [
      "an unknown encoding",
      "",
      { "content-type": PROTOBUF, "content-encoding": "br" },
      415,
      "SERVER_CONTENT_ENCODING_UNSUPPORTED",
    ],
    [
      "a large body",
      Buffer.alloc(20_000),
      { "content-type": PROTOBUF },
      413,
      "SERVER_BODY_TOO_LARGE",
    ],
  ])("refuses %s", async (_name, payload, headers, status, code) => {
    const reply = await send(payload, headers);
    expect(reply.statusCode).toBe(status);
    expect(reply.body).toContain(code);
    expect(fixture.lake.requests).toHaveLength(0);
  });

  it("is full on its own: 429 here, records still pass", async () => {
    const gate = Promise.withResolvers<void>();
    fixture.lake.gate = gate.promise;
    const replies = Array.from({ length: 500 }, () => send("", { "content-type": PROTOBUF }));
    const overflow = await send("", { "content-type": PROTOBUF });
    expect(overflow.statusCode).toBe(429);
    const tag = await fixture.app.inject({
      method: "POST",
      url: "/scouter/message",
      payload: { entity_type: "t", entity_id: "i", key: "k", value: "v" },
    });
    expect(tag.statusCode).toBe(200);
    gate.resolve();
    expect(new Set((await Promise.all(replies)).map((reply) => reply.statusCode))).toEqual(
      new Set([200]),
    );
  });
});
