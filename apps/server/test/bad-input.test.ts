import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { randomBytes, randomUUID } from "node:crypto";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordMessage, registerProfile } from "./agent-profile.ts";
import { exportRequest } from "./otlp-request.ts";
import { listedRecordCounts } from "./stored-state.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const JSON_TYPE = { "content-type": "application/json" };
const PROTOBUF_TYPE = { "content-type": "application/x-protobuf" };

let home: string;
let server: ServerProcess;
let profileUid: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-bad-"));
  server = await startServerProcess({ entry, home });
  profileUid = await registerProfile(server.urls.http);
});
afterAll(async () => {
  await server.stop("SIGTERM");
  await rm(home, { recursive: true, force: true });
});

const post = (url: string, headers: Record<string, string>, body: string | Uint8Array) =>
  guestFetch(url, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : new Uint8Array(body),
  });

async function readableSpans(traceId: string): Promise<readonly Record<string, unknown>[]> {
  const reply = await guestFetch(`${server.urls.http}/scouter/v1/traces/${traceId}/spans`);
  return ((await reply.json()) as { spans: Record<string, unknown>[] }).spans;
}

/** A good request is stored right after: nothing before it harmed the server. */
async function stillServes(): Promise<void> {
  const good = exportRequest({ spanCount: 2 });
  const reply = await post(`${server.urls.otlpHttp}/v1/traces`, JSON_TYPE, good.body);
  expect(reply.status).toBe(200);
  expect(await readableSpans(good.spans[0]?.traceId ?? "")).toHaveLength(2);
}

describe("export requests that are refused whole", () => {
  it.each([
    { name: "malformed JSON", headers: JSON_TYPE, body: '{"resourceSpans":[', status: 400 },
    {
      name: "truncated protobuf",
      headers: PROTOBUF_TYPE,
      body: Buffer.from([0x0a, 0x7f, 0x0a, 0x10]),
      status: 400,
    },
    {
      name: "a body past 16 MB",
      headers: JSON_TYPE,
      body: Buffer.alloc(16 * 1024 * 1024 + 1, 0x20),
      status: 413,
    },
    {
      name: "a gzip bomb",
      headers: { ...JSON_TYPE, "content-encoding": "gzip" },
      body: gzipSync(Buffer.alloc(500_000_000, 0x20)),
      status: 413,
    },
    {
      name: "gzip that is none",
      headers: { ...JSON_TYPE, "content-encoding": "gzip" },
      body: "{}",
      status: 400,
    },
    {
      name: "an unknown encoding",
      headers: { ...JSON_TYPE, "content-encoding": "br" },
      body: "{}",
      status: 415,
    },
    {
      name: "another content type",
      headers: { "content-type": "text/csv" },
      body: "a,b",
      status: 415,
    },
  ])("$name: $status with a message", async ({ headers, body, status }) => {
    const reply = await post(`${server.urls.otlpHttp}/v1/traces`, headers, body);
    expect(reply.status).toBe(status);
    const text = Buffer.from(await reply.arrayBuffer()).toString();
    expect(text.length).toBeGreaterThan(20);
    await stillServes();
  });
});

describe("spans that are refused alone", () => {
  it("keeps the good ones, names the bad ones", async () => {
    const traceId = randomBytes(16).toString("hex");
    const make = (fields: Record<string, unknown>) => ({
      traceId,
      spanId: randomBytes(8).toString("hex"),
      name: "ok",
      startTimeUnixNano: `${Date.now()}000000`,
      endTimeUnixNano: `${Date.now()}000000`,
      ...fields,
    });
    const spans = [
      make({
        name: "nul \u0000 inside",
        attributes: [{ key: "k\u0000", value: { stringValue: "v\u0000" } }],
      }),
      make({ startTimeUnixNano: "1000", endTimeUnixNano: "2000", name: "in 1970" }),
      make({
        startTimeUnixNano: "9223372036854775000",
        endTimeUnixNano: "9223372036854775807",
        name: "in 2262",
      }),
      make({ startTimeUnixNano: "18446744073709551615", name: "beyond 2262" }),
      make({ traceId: "abcd", name: "short trace id" }),
      make({ spanId: "0000000000000000", name: "zero span id" }),
    ];
    const reply = await post(
      `${server.urls.otlpHttp}/v1/traces`,
      JSON_TYPE,
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
    );
    expect(reply.status).toBe(200);
    const { partialSuccess } = (await reply.json()) as {
      partialSuccess: { rejectedSpans: string | number; errorMessage: string };
    };
    expect(Number(partialSuccess.rejectedSpans)).toBe(3);
    expect(partialSuccess.errorMessage).toContain("18446744073709551615");
    const names = (await readableSpans(traceId)).map((span) => span["span_name"]);
    expect(names).toHaveLength(3);
    expect(names).toEqual(expect.arrayContaining(["in 1970", "in 2262"]));
  });
});

describe("records", () => {
  const send = (body: string) => post(`${server.urls.http}/scouter/message`, JSON_TYPE, body);

  it.each([
    { name: "malformed JSON", body: '{"records":[', status: 400 },
    { name: "no known shape", body: '{"nothing":1}', status: 422 },
    { name: "no records", body: '{"records":[]}', status: 422 },
  ])("$name: $status with code and remedy", async ({ body, status }) => {
    const reply = await send(body);
    expect(reply.status).toBe(status);
    const error = (await reply.json()) as Record<string, unknown>;
    expect(error).toMatchObject({ error: expect.any(String), code: expect.any(String) });
    await stillServes();
  });

  it("refuses the guilty records alone", async () => {
    const { body, uids } = recordMessage(profileUid, 5);
    const message = JSON.parse(body) as {
      records: { AgentEval: { record: Record<string, unknown> } }[];
    };
    const record = (index: number) => message.records[index]?.AgentEval.record ?? {};
    Object.assign(record(0), { context: { answer: "a\u0000b", "key\u0000": "\ud800" } });
    Object.assign(record(1), { created_at: "1970-01-01T00:00:00Z" });
    Object.assign(record(2), { created_at: "2262-04-11T23:47:16Z" });
    Object.assign(record(3), { entity_uid: randomUUID() });
    Object.assign(record(4), { created_at: "yesterday" });
    const reply = await send(JSON.stringify(message));
    expect(reply.status).toBe(200);
    const answer = (await reply.json()) as {
      status: string;
      accepted: number;
      rejected: { index: number; uid: string; code: string; message: string; remedy: string }[];
    };
    expect(answer).toMatchObject({ status: "partial_success", accepted: 3 });
    expect(answer.rejected.map((item) => item.index).sort((left, right) => left - right)).toEqual([
      3, 4,
    ]);
    const unknown = answer.rejected.find((item) => item.index === 3);
    expect(unknown?.message).toContain(String(record(3)["entity_uid"]));
    expect(unknown?.remedy).toMatch(/register/i);

    const listed = await listedRecordCounts(server.urls.http, profileUid);
    expect(uids.map((uid) => listed.get(uid) ?? 0)).toEqual([1, 1, 1, 0, 0]);
  });

  it("answers 422 when every record is refused", async () => {
    const { body } = recordMessage(randomUUID(), 2);
    const reply = await send(body);
    expect(reply.status).toBe(422);
    const answer = (await reply.json()) as { rejected: unknown[] };
    expect(answer.rejected).toHaveLength(2);
  });

  it("evaluates the records around a poisonous one", async () => {
    const { body, uids } = recordMessage(profileUid, 2);
    expect((await send(body)).status).toBe(200);
    await expect
      .poll(
        async () => {
          const replies = await Promise.all(
            uids.map((uid) =>
              guestFetch(`${server.urls.http}/scouter/agent/task?record_uid=${uid}`).then(
                async (reply) => ((await reply.json()) as { tasks: unknown[] }).tasks.length,
              ),
            ),
          );
          return replies;
        },
        { timeout: 60_000 },
      )
      .toEqual([2, 2]);
  });
});
