import { gzipSync } from "node:zlib";
import { status } from "@grpc/grpc-js";
import { ScouterError } from "@scouter/contracts";
import {
  authService,
  evalScenarioService,
  insertMessageResponse,
  messageService,
} from "@scouter/contracts/grpc";
import { int32, messageType, nested, rpcPath, text, uint64 } from "@scouter/contracts/protobuf";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor/index.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { statusOfCall, type FailedCall } from "../../test/fake/grpc-client.ts";
import { grpcFixture, type GrpcFixture } from "../../test/fake/grpc-fixture.ts";
import { agentEval, profileRequestOf } from "../../test/fake/samples.ts";
import { rpcStatus } from "../rpc/rpc-status.ts";

let fixture: GrpcFixture;
beforeEach(async () => {
  fixture = await grpcFixture();
});
afterEach(() => fixture.close());

async function registerProfile(): Promise<string> {
  const { app } = fixture;
  const url = "/scouter/profile";
  const reply = await app.inject({ method: "POST", url, payload: profileRequestOf() });
  return reply.json<{ uid: string }>().uid;
}

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

describe("EvalScenarioService/RegisterScenarios", () => {
  const register = (collection_id: string, scenarios: unknown) =>
    fixture.client.call(evalScenarioService, "RegisterScenarios", {
      collection_id,
      scenarios_json: typeof scenarios === "string" ? scenarios : JSON.stringify(scenarios),
    });
  const get = (query: string) =>
    fixture.app.inject({ method: "GET", url: `/scouter/eval/scenarios?${query}` });

  it("stores scenarios that HTTP gives back, by both spellings of the query", async () => {
    const scenario = { id: "s1", initial_query: "hello", metadata: { tier: "gold" }, extra: true };
    const suite = { scenarios: [scenario, { initial_query: "no id", max_turns: 3 }] };
    expect(await register("c1", suite)).toEqual({
      status: "created",
      collection_id: "c1",
      scenario_count: 2,
    });
    const tasks = { assertion: [], judge: [], trace: [], agent: [] };
    const expected = {
      collection_id: "c1",
      scenarios: [
        { ...scenario, predefined_turns: [], max_turns: 10, tasks },
        {
          id: "00000000-0000-7000-8000-000000000001",
          initial_query: "no id",
          predefined_turns: [],
          max_turns: 3,
          tasks,
        },
      ],
      dataset_results: {},
      scenario_results: [],
      metrics: null,
    };
    for (const query of [
      "collection_id=c1",
      "0[0]=collection_id&0[1]=c1",
      "0%5B0%5D=collection_id&0%5B1%5D=c1",
    ]) {
      const reply = await get(query);
      expect(reply.statusCode).toBe(200);
      expect(reply.json()).toEqual(expected);
    }
  });

  it("answers 404 for a collection that nobody registered, 400 without one", async () => {
    const unknown = await get("collection_id=nobody");
    expect(unknown.statusCode).toBe(404);
    expect(unknown.json()).toMatchObject({
      error: "no scenarios found for the given collection_id",
      reason: "SERVER_SCENARIOS_UNKNOWN",
    });
    expect((await get("")).statusCode).toBe(400);
    expect((await get("0[0]=other&0[1]=c1")).statusCode).toBe(400);
  });

  it.each<[string, string, unknown, string]>([
    ["no collection", "", { scenarios: [] }, "'collection_id' is empty"],
    ["cut JSON", "c", "{", "the body is not JSON"],
    ["no scenarios", "c", {}, "'scenarios': "],
    [
      "a scenario without a query",
      "c",
      { scenarios: [{ id: "a" }] },
      "'scenarios.0.initial_query': ",
    ],
    ["a scenario that is none", "c", { scenarios: [7] }, "'scenarios.0': "],
    [
      "an id twice",
      "c",
      { scenarios: [1, 2].map(() => ({ id: "a", initial_query: "q" })) },
      "two scenarios have the id 'a'",
    ],
    [
      "many problems",
      "c",
      { scenarios: Array.from({ length: 9 }, () => ({ id: "a" })) },
      "and 4 more",
    ],
  ])("refuses %s", async (_name, collection, scenarios, problem) => {
    const failed = await statusOfCall(register(collection, scenarios));
    expect(failed.code).toBe(status.INVALID_ARGUMENT);
    expect(failed.details).toContain(problem);
  });
});

describe("AuthService", () => {
  it.each(["Login", "RefreshToken", "ValidateToken"] as const)(
    "%s is UNIMPLEMENTED while there is no login",
    async (method) => {
      const failed = await statusOfCall(fixture.client.call(authService, method, {}));
      expect(failed.code).toBe(status.UNIMPLEMENTED);
      expect(failed.details).toContain("this server has no login");
    },
  );
});

describe("with a login", () => {
  const unauthorized = new ScouterError({
    code: "FAKE_TOKEN_INVALID",
    kind: "unauthorized",
    message: "invalid token",
  });
  beforeEach(async () => {
    await fixture.close();
    fixture = await grpcFixture({
      authenticator: {
        login: async (username, password) => {
          if (password !== "right") throw unauthorized;
          return `token of ${username}`;
        },
        refresh: async (token) => {
          if (token !== "expired") throw unauthorized;
          return "renewed";
        },
        validate: async (token) => token === "good",
      },
    });
  });
  const path = rpcPath(messageService.name, "InsertMessage");
  const { request } = messageService.methods.InsertMessage;
  const message = request.encode({ message_record: Buffer.from('{"request":{}}') });

  it("logs in, renews and validates", async () => {
    const { client } = fixture;
    expect(await client.call(authService, "Login", { username: "ann", password: "right" })).toEqual(
      { token: "token of ann", status: "success", message: "Login successful" },
    );
    expect(await client.call(authService, "RefreshToken", { access_token: "expired" })).toEqual({
      token: "renewed",
      status: "success",
      message: "Token refreshed successfully",
    });
    expect(await client.call(authService, "ValidateToken", { token: "good" })).toEqual({
      is_authenticated: true,
      status: "success",
      message: "Token is valid",
    });
    expect(await client.call(authService, "ValidateToken", { token: "bad" })).toEqual({
      is_authenticated: false,
      status: "failed",
      message: "Token is invalid",
    });
    const wrong = client.call(authService, "Login", { username: "ann", password: "wrong" });
    expect((await statusOfCall(wrong)).code).toBe(status.UNAUTHENTICATED);
  });

  it("lets a good token pass and renews an expired one on the way", async () => {
    const good = await fixture.client.callBytes(path, message, { authorization: "Bearer good" });
    expect(good.metadata.get("x-refreshed-token")).toEqual([]);
    const old = await fixture.client.callBytes(path, message, { authorization: "Bearer expired" });
    expect(old.metadata.get("x-refreshed-token")).toEqual(["renewed"]);
    expect(insertMessageResponse.decode(old.reply).status).toBe("success");
  });

  it.each<[string, Record<string, string>]>([
    ["no token", {}],
    ["another scheme", { authorization: "Basic good" }],
    ["an empty token", { authorization: "Bearer " }],
    ["a bad token", { authorization: "Bearer forged" }],
  ])("refuses %s before it looks at the message", async (_name, metadata) => {
    for (const [client, rpc] of [
      [fixture.client, path],
      [fixture.otlp, "/opentelemetry.proto.collector.trace.v1.TraceService/Export"],
    ] as const) {
      const failed = await statusOfCall(client.callBytes(rpc, message, metadata));
      expect(failed.code).toBe(status.UNAUTHENTICATED);
    }
    expect(fixture.lake.requests).toHaveLength(0);
  });
});

describe("grpc.health.v1.Health", () => {
  const named = messageType("HealthCheckRequest", { service: text(1) });
  const state = messageType("HealthCheckResponse", { status: int32(1) });
  const check = async (service: string, client = fixture.client) =>
    state.decode(
      (await client.callBytes("/grpc.health.v1.Health/Check", named.encode({ service }))).reply,
    ).status;

  it("answers for the server and each service by its full name", async () => {
    for (const service of ["", messageService.name, evalScenarioService.name, authService.name]) {
      expect(await check(service)).toBe(1);
    }
    const trace = "opentelemetry.proto.collector.trace.v1.TraceService";
    expect(await check(trace, fixture.otlp)).toBe(1);
    fixture.switches.ready = false;
    expect(await check(messageService.name)).toBe(2);
    expect((await statusOfCall(check("nobody"))).code).toBe(status.NOT_FOUND);
  });

  it("ends a watch when the server stops, so that it does not hold up the stop", async () => {
    const seen: number[] = [];
    const stream = fixture.client.stream("/grpc.health.v1.Health/Watch");
    const ended = new Promise((resolve) => stream.once("end", resolve));
    const first = new Promise((resolve) => stream.once("data", resolve));
    stream.on("data", (bytes: Buffer) => seen.push(state.decode(bytes).status));
    stream.end(Buffer.from(named.encode({ service: "" })));
    await first;
    await fixture.closeListeners();
    await ended;
    expect(seen).toEqual([1, 2]);
  });

  it("says SERVICE_UNKNOWN to a watch of another service", async () => {
    const stream = fixture.client.stream("/grpc.health.v1.Health/Watch");
    const first = new Promise<Buffer>((resolve) => stream.once("data", resolve));
    stream.on("error", () => undefined);
    stream.end(Buffer.from(named.encode({ service: "nobody" })));
    expect(state.decode(await first).status).toBe(3);
    stream.cancel();
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

describe("server reflection", () => {
  const request = messageType("ServerReflectionRequest", {
    file_by_filename: text(3),
    file_containing_symbol: text(4),
    list_services: text(7),
  });
  const response = protobuf
    .parse(`syntax = "proto3";
    message Files { repeated bytes file_descriptor_proto = 1; }
    message Service { string name = 1; }
    message Services { repeated Service service = 1; }
    message Failure { int32 error_code = 1; string error_message = 2; }
    message Response {
      Files files = 4;
      Services services = 6;
      Failure failure = 7;
    }`)
    .root.lookupType("Response");

  async function ask(version: string, values: Parameters<typeof request.encode>[0]) {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    const stream = fixture.client.stream(path);
    const ended = new Promise((resolve) => stream.once("end", resolve));
    const reply = new Promise<Buffer>((resolve) => stream.once("data", resolve));
    stream.write(Buffer.from(request.encode(values)));
    const decoded = response.toObject(response.decode(await reply));
    stream.end();
    await ended;
    return decoded as {
      files?: { fileDescriptorProto: Uint8Array[] };
      services?: { service: { name: string }[] };
      failure?: { errorCode: number };
    };
  }

  it.each(["v1", "v1alpha"])("lists the services (%s)", async (version) => {
    const { services } = await ask(version, { list_services: "*" });
    expect(services?.service.map(({ name }) => name)).toEqual([
      authService.name,
      messageService.name,
      evalScenarioService.name,
      "grpc.health.v1.Health",
    ]);
  });

  it("describes our services as another implementation understands it", async () => {
    const { files } = await ask("v1", { file_containing_symbol: messageService.name });
    const file = files?.fileDescriptorProto ?? [];
    const byName = await ask("v1", { file_by_filename: "scouter/grpc/v1/scouter.proto" });
    expect(byName.files?.fileDescriptorProto).toEqual(file);
    const { FileDescriptorProto } = descriptor as unknown as Record<string, protobuf.Type>;
    const decoded = file.map((each) => FileDescriptorProto?.decode(each));
    const { Root } = protobuf as unknown as {
      readonly Root: { fromDescriptor(set: object): protobuf.Root };
    };
    const root = Root.fromDescriptor({ file: decoded });
    root.resolveAll();
    const method = root.lookupService(messageService.name).methods["InsertMessage"];
    expect(method?.resolvedRequestType?.fields["message_record"]).toMatchObject({
      id: 1,
      type: "bytes",
    });
    expect(
      root.lookupType("scouter.grpc.v1.InsertMessageResponse").fields["rejected"],
    ).toMatchObject({ id: 4, repeated: true });
  });

  it("says what it cannot describe", async () => {
    const { failure } = await ask("v1", { file_containing_symbol: "nobody.Knows" });
    expect(failure?.errorCode).toBe(status.NOT_FOUND);
  });
});
