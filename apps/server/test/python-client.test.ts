import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type ClientHttp2Session } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "./python-client/golden-calls.ts";
import type { RecordedCall } from "./python-client/recorder.ts";
import { hasFixedShape, Replay, shapeOf } from "./python-client/replay.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const entry = join(here, "../src/main.ts");

/** What clients of each version sent, byte for byte; `npm run check:python-client -- --record` made them. */
describe.each(globSync(join(here, "python-client/golden/*.json")))("%s", (file) => {
  const { recordedAt, calls } = JSON.parse(readFileSync(file, "utf8")) as Recording;
  let home: string;
  let server: ServerProcess;
  let grpc: ClientHttp2Session;
  let token = "";
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-replay-"));
    server = await startServerProcess({ entry, home });
    grpc = connect(server.urls.grpc);
    const login = await fetch(`${server.urls.http}/scouter/auth/login`, {
      headers: { username: "guest", password: "guest" },
    });
    ({ token } = (await login.json()) as { token: string });
  });
  afterAll(async () => {
    grpc.destroy();
    await server.stop("SIGTERM");
    await rm(home, { recursive: true, force: true });
  });

  it("is answered as it was when it was recorded", async () => {
    const replay = new Replay(Math.round((Date.now() - Date.parse(recordedAt)) / 1_000));
    const expected: unknown[] = [];
    const found: unknown[] = [];
    for (const call of calls) {
      const reply = await say(call, replay);
      const named = `${call.method} ${call.path}`;
      const then: unknown = hasFixedShape(call) ? JSON.parse(call.reply) : null;
      const now: unknown = hasFixedShape(call) ? JSON.parse(reply.text) : null;
      expected.push([named, call.status, shapeOf(then)]);
      found.push([named, reply.status, shapeOf(now, then)]);
    }
    expect(found).toEqual(expected);
    expect(calls.length).toBeGreaterThan(20);
  });

  async function say(call: RecordedCall, replay: Replay) {
    if (call.protocol === "grpc") return callGrpc(replay.pathOf(call), replay.bodyOf(call));
    const reply = await callHttp(call, replay);
    replay.learn(call, reply.text);
    return reply;
  }

  async function callHttp(call: RecordedCall, replay: Replay) {
    const { method } = call;
    const sent = method === "GET" ? {} : { body: new Uint8Array(replay.bodyOf(call)) };
    const reply = await fetch(server.urls.http + replay.pathOf(call), {
      method,
      ...sent,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
        username: "guest",
        password: "guest",
      },
    });
    return { status: reply.status, text: await reply.text() };
  }

  async function callGrpc(path: string, frames: Buffer) {
    const stream = grpc.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      authorization: `Bearer ${token}`,
    });
    let status = Number.NaN;
    const read = (headers: Readonly<Record<string, unknown>>) => {
      if ("grpc-status" in headers) status = Number(headers["grpc-status"]);
    };
    stream.on("response", read);
    stream.on("trailers", read);
    stream.end(frames);
    await buffer(stream);
    return { status, text: "" };
  }
});
