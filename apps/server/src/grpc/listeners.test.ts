import { gzipSync } from "node:zlib";
import { status } from "@grpc/grpc-js";
import { ScouterError } from "@scouter/contracts";
import { insertMessageResponse, messageService, rpcStatus } from "@scouter/contracts/grpc";
import { int32, messageType, nested, rpcPath, text, uint64 } from "@scouter/contracts/protobuf";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { statusOfCall, type FailedCall } from "../../test/fake/grpc-client.ts";
import { grpcFixture, type GrpcFixture } from "../../test/fake/grpc-fixture.ts";
import { agentEval, registerSampleProfile } from "../../test/fake/samples.ts";

let fixture: GrpcFixture;
beforeEach(async () => {
  fixture = await grpcFixture();
});
afterEach(() => fixture.close());

const registerProfile = () => registerSampleProfile(fixture.app);

const insert = (message: unknown) =>
  fixture.client.call(messageService, "InsertMessage", {
    message_record: Buffer.from(typeof message === "string" ? message : JSON.stringify(message)),
  });

function detailsOf({ metadata }: FailedCall) {
  const [encoded] = metadata.get("grpc-status-details-bin");
  return encoded instanceof Uint8Array ? rpcStatus.decode(encoded).details : [];
}

const retryInfo = messageType("google.rpc.RetryInfo", {
  retry_delay: nested(
    1,
    messageType("google.protobuf.Duration", { seconds: uint64(1), nanos: int32(2) }),
  ),
});

describe("MessageService/InsertMessage", () => {
  it("stores records and answers as clients know it", async () => {
    const uid = await registerProfile();
    expect(await insert({ records: [agentEval(uid, "r1")] })).toEqual({
      status: "success",
      message: "Message queued for processing",
      accepted: 1,
      rejected: [],
    });
    expect([...fixture.database.stored.values()].map(({ record }) => record.uid)).toEqual(["r1"]);
  });

  it("names what it refused when the rest was stored", async () => {
    const uid = await registerProfile();
    const reply = await insert({ records: [agentEval(uid, "good"), agentEval("nobody", "bad")] });
    expect(reply).toMatchObject({ status: "partial_success", accepted: 1 });
    expect(reply.rejected).toMatchObject([
      { index: 1, uid: "bad", code: "SERVER_PROFILE_UNKNOWN" },
    ]);
  });

  it("fails when nothing was stored, with the items in the details", async () => {
    const failed = await statusOfCall(insert({ records: [agentEval("nobody", "bad")] }));
    expect(failed.code).toBe(status.INVALID_ARGUMENT);
    expect(failed.details).toContain("[SERVER_ITEMS_ALL_REFUSED]");
    const [detail] = detailsOf(failed);
    expect(detail?.type_url).toBe("type.googleapis.com/scouter.grpc.v1.InsertMessageResponse");
    expect(insertMessageResponse.decode(detail?.value ?? new Uint8Array(0))).toMatchObject({
      accepted: 0,
      rejected: [{ index: 0, uid: "bad", code: "SERVER_PROFILE_UNKNOWN" }],
    });
  });

  it("keeps a long refusal within what a header may hold", async () => {
    const records = Array.from({ length: 900 }, (_, index) =>
      agentEval("nobody", `bad-${index}-${"é".repeat(50)}`),
    );
    const failed = await statusOfCall(insert({ records }));
    expect(failed.code).toBe(status.INVALID_ARGUMENT);
    const [detail] = detailsOf(failed);
    const { rejected } = insertMessageResponse.decode(detail?.value ?? new Uint8Array(0));
    expect(rejected.length).toBeGreaterThan(3);
    expect(rejected[0]).toMatchObject({ index: 0, code: "SERVER_PROFILE_UNKNOWN" });

    fixture.lake.error = new ScouterError({
      kind: "invalid",
      code: "OTLP_INVALID",
      message: "世".repeat(5000),
      remedy: "fix it",
    });
    const long = await statusOfCall(insert('{"request":{}}'));
    expect(long.details).toHaveLength(800);
    expect(long.details.endsWith("世 ... (fix it) [OTLP_INVALID]")).toBe(true);
  });

  it("takes spans and tags like the HTTP route", async () => {
    expect((await insert('{"request":{"resourceSpans":[]}}')).status).toBe("success");
    expect(fixture.lake.requests[0]?.format).toBe("message-json");
    const tag = { entity_type: "trace", entity_id: "t1", key: "env", value: "prod" };
    expect((await insert(tag)).status).toBe("success");
    expect(fixture.database.storedTags).toEqual([tag]);
  });

  it.each<[string, string, string]>([
    ["cut JSON", '{"records":[', "SERVER_JSON_SYNTAX"],
    ["nothing", "", "SERVER_JSON_SYNTAX"],
    ["another object", '{"what":1}', "SERVER_MESSAGE_UNKNOWN"],
  ])("refuses %s as INVALID_ARGUMENT", async (_name, message, code) => {
    const failed = await statusOfCall(insert(message));
    expect(failed.code).toBe(status.INVALID_ARGUMENT);
    expect(failed.details).toContain(`[${code}]`);
    expect(failed.metadata.get("scouter-error-code")).toEqual([code]);
    expect(detailsOf(failed)).toEqual([]);
  });

  it("refuses bytes that are no message", async () => {
    const path = rpcPath(messageService.name, "InsertMessage");
    const failed = await statusOfCall(fixture.client.callBytes(path, Buffer.from([10, 99, 1])));
    expect(failed.code).toBe(status.INVALID_ARGUMENT);
    expect(failed.details).toContain("[CONTRACTS_PROTOBUF_INVALID]");
  });

  it("answers UNAVAILABLE with a pause while the database is away", async () => {
    const uid = await registerProfile();
    fixture.database.away = true;
    const failed = await statusOfCall(insert({ records: [agentEval(uid, "r1")] }));
    expect(failed.code).toBe(status.UNAVAILABLE);
    expect(retryInfo.decode(detailsOf(failed)[0]?.value ?? new Uint8Array(0))).toEqual({
      retry_delay: { seconds: 1, nanos: 0 },
    });
  });

  it("says nothing of our own faults to the client, and logs them", async () => {
    fixture.lake.error = new Error("secret path /srv");
    const failed = await statusOfCall(insert('{"request":{}}'));
    expect(failed.code).toBe(status.INTERNAL);
    expect(failed.details).not.toContain("secret");
    expect(fixture.faults.join("")).toContain("secret path");
  });

  it("counts calls by rpc and code", async () => {
    await insert('{"request":{}}');
    await statusOfCall(insert("{"));
    const metrics = await fixture.metrics.registry.metrics();
    const rpc = 'rpc="scouter.grpc.v1.MessageService/InsertMessage"';
    expect(metrics).toContain(`grpc_requests_total{${rpc},code="OK"} 1`);
    expect(metrics).toContain(`grpc_requests_total{${rpc},code="INVALID_ARGUMENT"} 1`);
  });
});

describe("TraceService/Export", () => {
  const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
  const reply = messageType("ExportTraceServiceResponse", {
    partial_success: nested(
      1,
      messageType("ExportTracePartialSuccess", {
        rejected_spans: uint64(1),
        error_message: text(2),
      }),
    ),
  });

  it("hands the bytes over as they came and answers nothing when all is well", async () => {
    const answer = await fixture.otlp.callBytes(path, Buffer.from([1, 2, 3]));
    expect(answer.reply).toHaveLength(0);
    const [request] = fixture.lake.requests;
    expect(request).toMatchObject({ format: "otlp-protobuf", contentEncoding: "identity" });
    expect([...(request?.body ?? [])]).toEqual([1, 2, 3]);
  });

  it("tells how many spans were refused, and why", async () => {
    const rejected = [
      { index: 3, code: "OTLP_SPAN_ID_INVALID", reason: "span id '' is not valid" },
    ];
    fixture.lake.reply = { ...fixture.lake.reply, rejected };
    const answer = await fixture.otlp.callBytes(path, Buffer.from([1]));
    expect(reply.decode(answer.reply).partial_success).toEqual({
      rejected_spans: 1,
      error_message: "span 3: span id '' is not valid [OTLP_SPAN_ID_INVALID]",
    });
  });

  it("answers RESOURCE_EXHAUSTED with a pause while the channel is full", async () => {
    const gate = Promise.withResolvers<void>();
    fixture.lake.gate = gate.promise;
    const calls = Array.from({ length: 500 }, (_, index) =>
      fixture.otlp.callBytes(path, Buffer.from([index % 256])),
    );
    await fixture.until(() => fixture.ingest.depth("traces").messages === 500);
    const failed = await statusOfCall(fixture.otlp.callBytes(path, Buffer.from([1])));
    expect(failed.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(failed.details).toContain("[SERVER_CHANNEL_FULL]");
    expect(detailsOf(failed)[0]?.type_url).toBe("type.googleapis.com/google.rpc.RetryInfo");
    // Another channel does not wait for this one.
    expect((await insert({ entity_type: "t", entity_id: "i", key: "k", value: "v" })).status).toBe(
      "success",
    );
    gate.resolve();
    await Promise.all(calls);
  });

  it.each<[string, string, number]>([
    ["invalid", "OTLP_INVALID", status.INVALID_ARGUMENT],
    ["too-large", "OTLP_LARGE", status.RESOURCE_EXHAUSTED],
    ["timeout", "LAKE_SLOW", status.DEADLINE_EXCEEDED],
    ["unavailable", "LAKE_AWAY", status.UNAVAILABLE],
  ])("maps kind %s", async (kind, code, expected) => {
    const fields = { kind: kind as "invalid", code, message: "grün\nand more", remedy: "fix it" };
    fixture.lake.error = new ScouterError(fields);
    const failed = await statusOfCall(fixture.otlp.callBytes(path, Buffer.from([1])));
    expect(failed.code).toBe(expected);
    expect(failed.details).toBe(`grün\nand more (fix it) [${code}]`);
    const retryable = kind === "timeout" || kind === "unavailable";
    expect(detailsOf(failed)).toHaveLength(retryable ? 1 : 0);
  });

  it("inflates gzip, and stops at the limit", async () => {
    await fixture.otlpGzip.callBytes(path, Buffer.alloc(2 ** 20, 7));
    expect(fixture.lake.requests[0]?.body.byteLength).toBe(2 ** 20);
    const bomb = Buffer.alloc(50 * 2 ** 20);
    expect(gzipSync(bomb).length).toBeLessThan(2 ** 17);
    const failed = await statusOfCall(fixture.otlpGzip.callBytes(path, bomb));
    expect(failed.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(failed.details).toContain("decompresses to a size larger than 1048576");
    expect(fixture.lake.requests).toHaveLength(1);
  });

  it("refuses a message over the limit", async () => {
    const failed = await statusOfCall(fixture.otlp.callBytes(path, Buffer.alloc(2 ** 20 + 1)));
    expect(failed.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(fixture.lake.requests).toHaveLength(0);
  });
});

describe("the end of a listener", () => {
  it("answers the calls under way and takes no others", async () => {
    const gate = Promise.withResolvers<void>();
    fixture.lake.gate = gate.promise;
    const under = insert('{"request":{}}');
    await fixture.until(() => fixture.lake.requests.length === 1);
    const closed = fixture.closeListeners();
    gate.resolve();
    expect((await under).status).toBe("success");
    await closed;
    expect((await statusOfCall(insert('{"request":{}}'))).code).toBe(status.UNAVAILABLE);
  });

  it("cuts what a client holds open", async () => {
    // No request is sent, so that the server never learns what the stream is for.
    const stream = fixture.client.stream("/grpc.health.v1.Health/Watch");
    const failed = new Promise((resolve) => stream.once("error", resolve));
    await fixture.client.call(messageService, "InsertMessage", {
      message_record: Buffer.from('{"request":{}}'),
    });
    const closed = fixture.closeListeners();
    fixture.cutListeners();
    await Promise.all([closed, failed]);
  });
});
