import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { isScouterError } from "@scouter/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { driftProfiles } from "../../../../test/fake/drift-profiles.ts";
import { agentEval, profileRequestOf } from "../../../../test/fake/samples.ts";

let fixture: ApiFixture;
let profileUid: string;

beforeEach(async () => {
  fixture = await apiFixture({ SCOUTER_MAX_BODY_MB: "1", SCOUTER_MAX_INFLATED_BODY_MB: "2" });
  const reply = await fixture.app.inject({
    method: "POST",
    url: "/scouter/profile",
    payload: profileRequestOf(),
  });
  profileUid = reply.json<{ uid: string }>().uid;
});
afterEach(() => fixture.close());

async function send(payload: unknown, headers: Record<string, string> = {}) {
  const reply = await fixture.app.inject({
    method: "POST",
    url: "/scouter/message",
    headers: { "content-type": "application/json", ...headers },
    payload:
      typeof payload === "string" || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
  });
  return { status: reply.statusCode, headers: reply.headers, body: reply.json<Body>() };
}
interface Body {
  status?: string;
  message?: string;
  accepted?: number;
  rejected?: { index: number; uid?: string; code: string; message: string; remedy?: string }[];
  error?: string;
  reason?: string;
  code?: string;
  retry?: boolean;
  suggested_action?: string;
}

const storedUids = () => [...fixture.database.stored.values()].map(({ record }) => record.uid);

describe("POST /scouter/message with records", () => {
  it("answers after the records are stored", async () => {
    const { status, body } = await send({ records: [agentEval(profileUid, "r1")] });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        status: "success",
        message: "Message queued for processing",
        accepted: 1,
        rejected: [],
      },
    });
    const [stored] = [...fixture.database.stored.values()];
    expect(stored).toMatchObject({ source: "Queue", record: { uid: "r1", record_id: "" } });
  });

  it("does not answer before the transaction has committed", async () => {
    const gate = Promise.withResolvers<void>();
    fixture.database.gate = gate.promise;
    let answered = false;
    const reply = send({ records: [agentEval(profileUid, "r1")] }).then((result) => {
      answered = true;
      return result;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    gate.resolve();
    expect((await reply).status).toBe(200);
  });

  it("accepts a repeat and stores it once", async () => {
    await send({ records: [agentEval(profileUid, "r1")] });
    const { body } = await send({ records: [agentEval(profileUid, "r1")] });
    expect(body).toMatchObject({ status: "success", accepted: 1 });
    expect(storedUids()).toEqual(["r1"]);
  });

  it("refuses the guilty records alone, each with its place and remedy", async () => {
    fixture.database.poisonousUids.add("poison");
    const { status, body } = await send({
      records: [
        agentEval(profileUid, "good-1"),
        agentEval(profileUid, "no-date", { created_at: "yesterday" }),
        agentEval("unknown-profile", "orphan"),
        { Spc: { uid: "x", feature: "f", value: 1, created_at: "2026-01-01T00:00:00Z" } },
        { Observability: {} },
        { Mystery: {} },
        "text",
        { AgentEval: { record: {} }, Spc: {} },
        agentEval(profileUid, "poison"),
        agentEval(profileUid, "good-2"),
      ],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "partial_success", accepted: 2 });
    expect(body.rejected?.map(({ index, uid, code }) => [index, uid, code])).toEqual([
      [1, "no-date", "SERVER_RECORD_SHAPE_INVALID"],
      [2, "orphan", "SERVER_PROFILE_UNKNOWN"],
      [3, "x", "SERVER_PROFILE_UNKNOWN"],
      [4, undefined, "SERVER_RECORD_KIND_NOT_STORED"],
      [5, undefined, "SERVER_RECORD_KIND_UNKNOWN"],
      [6, undefined, "SERVER_RECORD_KIND_UNKNOWN"],
      [7, undefined, "SERVER_RECORD_KIND_UNKNOWN"],
      [8, "poison", "FAKE_POISON"],
    ]);
    expect(body.rejected?.[0]?.message).toContain("'created_at': expected an RFC 3339 date-time");
    expect(body.rejected?.[1]?.remedy).toContain("register the profile first");
    expect(storedUids().toSorted()).toEqual(["good-1", "good-2"]);
  });

  it("answers 422 when nothing was stored", async () => {
    const { status, body } = await send({ records: [agentEval("unknown-profile", "orphan")] });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      reason: "SERVER_ITEMS_ALL_REFUSED",
      code: "BAD_REQUEST",
      retry: false,
      accepted: 0,
      rejected: [{ index: 0, uid: "orphan", code: "SERVER_PROFILE_UNKNOWN" }],
    });
  });

  it("replaces what no database can hold, and counts it", async () => {
    const text = JSON.stringify({
      records: [agentEval(profileUid, "r1", { context: { a: "@" } })],
    });
    const { status } = await send(text.replace('"@"', String.raw`"x\u0000y\ud800z\ud83d\ude00"`));
    expect(status).toBe(200);
    const [stored] = [...fixture.database.stored.values()];
    expect(stored?.record.context).toEqual({ a: "x\uFFFDy\uFFFDz😀" });
    expect(await fixture.metrics.registry.metrics()).toContain(
      "scouter_replaced_characters_total 2",
    );
  });

  it("asks to retry when the database is away, and stores nothing", async () => {
    fixture.database.away = true;
    const { status, headers, body } = await send({ records: [agentEval(profileUid, "r1")] });
    expect(status).toBe(503);
    expect(headers["retry-after"]).toBe("1");
    expect(body).toMatchObject({ reason: "FAKE_UNAVAILABLE", code: "UNAVAILABLE", retry: true });
  });

  it("answers 429 when the channel is full, without holding up the others", async () => {
    const gate = Promise.withResolvers<void>();
    fixture.database.gate = gate.promise;
    const replies = Array.from({ length: 1000 }, (_, index) =>
      send({ records: [agentEval(profileUid, `r${index}`)] }),
    );
    const overflow = await send({ records: [agentEval(profileUid, "too-many")] });
    expect(overflow.status).toBe(429);
    expect(overflow.headers["retry-after"]).toBe("1");
    expect(overflow.body).toMatchObject({ reason: "SERVER_CHANNEL_FULL", retry: true });
    const spans = await send('{"request":{"resourceSpans":[]}}');
    expect(spans.status).toBe(200);
    gate.resolve();
    const statuses = new Set((await Promise.all(replies)).map((reply) => reply.status));
    expect([...statuses]).toEqual([200]);
    expect(storedUids()).toHaveLength(1000);
    // Group commit: far fewer transactions than messages.
    expect(fixture.database.storeCalls).toBeLessThan(100);
  });
});

describe("POST /scouter/message with observations", () => {
  const created_at = "2026-03-01T10:00:00.5Z";
  const uids: Record<string, string> = {};
  beforeEach(async () => {
    for (const [driftType, body] of Object.entries(driftProfiles)) {
      const reply = await fixture.app.inject({
        method: "POST",
        url: "/scouter/profile",
        payload: { ...profileRequestOf(body), drift_type: driftType },
      });
      expect(reply.statusCode).toBe(200);
      uids[driftType] = reply.json<{ uid: string }>().uid;
    }
  });

  it("stores values, counts and metrics as they came", async () => {
    const records = [
      { Spc: { created_at, uid: uids["Spc"], feature: "delay", value: -1.5, entity_id: 0 } },
      { Psi: { created_at, uid: uids["Psi"], feature: "delay", bin_id: 2, bin_count: 7 } },
      { Custom: { created_at, uid: uids["Custom"], metric: "mae", value: 3, entity_id: 9 } },
      agentEval(profileUid, "r1"),
    ];
    const { status, body } = await send({ records });
    expect({ status, body }).toMatchObject({ status: 200, body: { accepted: 4, rejected: [] } });
    const createdAt = created_at;
    expect(fixture.database.observed).toEqual([
      { kind: "Spc", profileUid: uids["Spc"], series: "delay", value: -1.5, createdAt },
      {
        kind: "Psi",
        profileUid: uids["Psi"],
        series: "delay",
        binId: 2,
        binCount: 7,
        createdAt,
      },
      { kind: "Custom", profileUid: uids["Custom"], series: "mae", value: 3, createdAt },
    ]);
  });

  it("refuses what belongs to no profile of the kind, and to none of its features", async () => {
    const { status, body } = await send({
      records: [
        { Spc: { created_at, uid: uids["Psi"], feature: "delay", value: 1 } },
        { Spc: { created_at, uid: uids["Spc"], feature: "dleay", value: 1 } },
        { Psi: { created_at, uid: uids["Psi"], feature: "delay", bin_id: 2, bin_count: -7 } },
        { Custom: { created_at, uid: uids["Custom"], metric: "mae", value: "3" } },
        { Custom: { created_at, uid: uids["Custom"], metric: "mae", value: 3 } },
        { __proto__: {} },
      ],
    });
    expect(status).toBe(200);
    expect(body.accepted).toBe(1);
    expect(body.rejected?.map(({ index, uid, code }) => [index, uid, code])).toEqual([
      [0, uids["Psi"], "SERVER_PROFILE_UNKNOWN"],
      [1, uids["Spc"], "SERVER_SERIES_UNKNOWN"],
      [2, uids["Psi"], "SERVER_RECORD_SHAPE_INVALID"],
      [3, uids["Custom"], "SERVER_RECORD_SHAPE_INVALID"],
      [5, undefined, "SERVER_RECORD_KIND_UNKNOWN"],
    ]);
    expect(body.rejected?.[0]?.message).toContain("no Spc profile");
    expect(body.rejected?.[1]?.message).toContain("'dleay'");
  });

  it("stores a message of one producer and number once, refusals included", async () => {
    const headers = { "x-scouter-producer": "p1", "x-scouter-sequence": "7" };
    const records = [
      { Custom: { created_at, uid: uids["Custom"], metric: "mae", value: 3 } },
      { Custom: { created_at, uid: uids["Custom"], metric: "unknown", value: 3 } },
    ];
    const first = await send({ records }, headers);
    const repeat = await send({ records }, headers);
    expect(repeat).toMatchObject({ status: first.status, body: first.body });
    expect(fixture.database.observed).toHaveLength(1);
    await send({ records }, { ...headers, "x-scouter-sequence": "8" });
    expect(fixture.database.observed).toHaveLength(2);
  });

  it.each<[string, Record<string, string>, string]>([
    ["no number", { "x-scouter-producer": "p" }, "x-scouter-sequence is ''"],
    ["no producer", { "x-scouter-sequence": "1" }, "x-scouter-producer is missing"],
    [
      "a fraction",
      { "x-scouter-producer": "p", "x-scouter-sequence": "1.5" },
      "expected an integer from 0",
    ],
    [
      "a number beyond 2^53",
      { "x-scouter-producer": "p", "x-scouter-sequence": "9007199254740993" },
      "expected an integer from 0",
    ],
    [
      "a long producer",
      { "x-scouter-producer": "p".repeat(201), "x-scouter-sequence": "1" },
      "201 characters",
    ],
  ])("refuses an identity with %s", async (_name, headers, problem) => {
    const { status, body } = await send({ records: [agentEval(profileUid, "r1")] }, headers);
    expect(status).toBe(400);
    expect(body).toMatchObject({ reason: "SERVER_MESSAGE_IDENTITY_INVALID" });
    expect(body.error).toContain(problem);
  });
});

describe("POST /scouter/message with spans", () => {
  it("hands the bytes over unparsed", async () => {
    const message = '{ "request" : {"resourceSpans":[{"big":12345678901234567890}]}}';
    const { status, body } = await send(message);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "success", accepted: 1, rejected: [] });
    expect(fixture.lake.requests[0]?.format).toBe("message-json");
    expect(fixture.lake.lastBody()).toBe(message);
  });

  it("knows the kind by its key wherever that stands", async () => {
    await send('{"note":1,"request":{"resourceSpans":[]}}');
    expect(fixture.lake.requests).toHaveLength(1);
  });

  it("names rejected spans", async () => {
    fixture.lake.reply = {
      ...fixture.lake.reply,
      rejected: [{ index: 3, code: "OTLP_SPAN_ID_INVALID", reason: "span id '' is not valid" }],
    };
    const { body } = await send('{"request":{}}');
    expect(body).toMatchObject({
      status: "partial_success",
      rejected: [{ index: 3, code: "OTLP_SPAN_ID_INVALID", message: "span id '' is not valid" }],
    });
  });
});

describe("POST /scouter/message with a tag", () => {
  const tag = { entity_type: "trace", entity_id: "t1", key: "env", value: "prod" };

  it("stores it", async () => {
    const { status, body } = await send(tag);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "success", accepted: 1 });
    expect(fixture.database.storedTags).toEqual([tag]);
  });

  it("refuses one the database does not take", async () => {
    const { status, body } = await send({ ...tag, value: "poison" });
    expect(status).toBe(400);
    expect(body).toMatchObject({ reason: "FAKE_POISON" });
  });
});

describe("POST /scouter/message refuses", () => {
  it.each<[string, string, number, string]>([
    ["cut JSON", '{"records":[', 400, "SERVER_JSON_SYNTAX"],
    ["an empty body", "", 400, "SERVER_JSON_SYNTAX"],
    ["no records", '{"records":[]}', 422, "SERVER_RECORDS_EMPTY"],
    ["another object", '{"what":1}', 422, "SERVER_MESSAGE_UNKNOWN"],
    [
      "a tag with a number",
      '{"entity_type":"t","entity_id":"i","key":"k","value":1}',
      422,
      "SERVER_MESSAGE_UNKNOWN",
    ],
    ["an array", "[]", 422, "SERVER_MESSAGE_UNKNOWN"],
    ["null", "null", 422, "SERVER_MESSAGE_UNKNOWN"],
  ])("%s", async (_name, payload, status, reason) => {
    const reply = await send(payload);
    expect(reply.status).toBe(status);
    expect(reply.body.reason).toBe(reason);
    expect(reply.body.suggested_action).toBeTruthy();
  });

  it("text that is not UTF-8", async () => {
    const { status, body } = await send(Buffer.from([0x22, 0xff, 0x22]));
    expect(status).toBe(400);
    expect(body.error).toBe("the body is not JSON: it is not UTF-8");
  });

  it("does not repeat the body in the message", async () => {
    const { body } = await send('{"secret":"hunter2",}');
    expect(JSON.stringify(body)).not.toContain("hunter2");
  });

  it.each<[string, (json: Buffer) => Buffer]>([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["zstd", zstdCompressSync],
    ["identity", (json) => json],
  ])("nothing when the body is %s", async (encoding, compress) => {
    const json = Buffer.from(JSON.stringify({ records: [agentEval(profileUid, encoding)] }));
    const { status } = await send(compress(json), { "content-encoding": encoding });
    expect(status).toBe(200);
    expect(storedUids()).toEqual([encoding]);
  });

  it.each<[string, Buffer, string, number, string]>([
    [
      "a bomb",
      gzipSync(Buffer.alloc(3 * 2 ** 20, 32)),
      "gzip",
      413,
      "SERVER_BODY_INFLATES_TOO_LARGE",
    ],
    [
      "a bomb of zstd",
      zstdCompressSync(Buffer.alloc(3 * 2 ** 20, 32)),
      "zstd",
      413,
      "SERVER_BODY_INFLATES_TOO_LARGE",
    ],
    ["what is not gzip", Buffer.from("{}"), "gzip", 400, "SERVER_BODY_DAMAGED"],
    ["cut gzip", gzipSync("{}").subarray(0, 12), "gzip", 400, "SERVER_BODY_DAMAGED"],
    ["another encoding", Buffer.from("{}"), "br", 415, "SERVER_CONTENT_ENCODING_UNSUPPORTED"],
    ["a large body", Buffer.alloc(2 ** 20 + 1, 32), "identity", 413, "SERVER_BODY_TOO_LARGE"],
  ])("%s", async (_name, payload, encoding, status, reason) => {
    const reply = await send(payload, { "content-encoding": encoding });
    expect(reply.status).toBe(status);
    expect(reply.body.reason).toBe(reason);
    expect(reply.body.suggested_action).toBeTruthy();
  });

  it("another content type", async () => {
    const { status, body } = await send("<a/>", { "content-type": "application/xml" });
    expect(status).toBe(415);
    expect(body.error).toContain("application/json");
  });
});

describe("POST /scouter/drift", () => {
  it("is the same route under its older name", async () => {
    const reply = await fixture.app.inject({
      method: "POST",
      url: "/scouter/drift",
      payload: { records: [agentEval(profileUid, "r1")] },
    });
    expect(reply.statusCode).toBe(200);
    expect(storedUids()).toEqual(["r1"]);
  });
});

describe("SCOUTER_INGEST_ACK=queued", () => {
  it("answers at once and reports what could not be stored", async () => {
    const queued = await apiFixture({ SCOUTER_INGEST_ACK: "queued" });
    queued.database.away = true;
    const reply = await queued.app.inject({
      method: "POST",
      url: "/scouter/message",
      payload: { records: [agentEval("p", "r1")] },
    });
    expect(reply.statusCode).toBe(200);
    await queued.close();
    expect(queued.lost.map((error) => isScouterError(error) && error.code)).toEqual([
      "FAKE_UNAVAILABLE",
    ]);
  });
});
