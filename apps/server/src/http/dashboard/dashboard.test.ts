import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeLogger } from "../../log/make-logger.ts";
import { ServerMetrics } from "../../metrics/server-metrics.ts";
import { createFrame } from "../frame.ts";
import { readDashboard } from "./dashboard-files.ts";
import { dashboardReply } from "./dashboard-reply.ts";

const START = "<!doctype html><title>start</title>";
const SCRIPT = "console.log('hello');";

let folder: string;
let app: FastifyInstance;
let unbuilt: FastifyInstance;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "scouter-dashboard-"));
  mkdirSync(join(folder, "dist", "assets"), { recursive: true });
  writeFileSync(join(folder, "secret.html"), "not for you");
  writeFileSync(join(folder, "dist", "index.html"), START);
  writeFileSync(join(folder, "dist", "unknown.type"), "not for you");
  const script = join(folder, "dist", "assets", "index-1a2b.js");
  writeFileSync(script, SCRIPT);
  writeFileSync(`${script}.gz`, gzipSync(SCRIPT));
  app = await frameOver(join(folder, "dist"));
  unbuilt = await frameOver(join(folder, "nothing"));
});
afterAll(async () => {
  await Promise.all([app.close(), unbuilt.close()]);
  rmSync(folder, { recursive: true, force: true });
});

async function frameOver(dist: string): Promise<FastifyInstance> {
  const frame = createFrame({
    logger: makeLogger({ level: "silent", json: true }, { write: () => undefined }),
    metrics: new ServerMetrics(),
    clock: new ManualClock(),
    dashboard: dashboardReply(readDashboard(dist)),
  });
  frame.get("/scouter/healthcheck", async () => ({ alive: true }));
  await frame.ready();
  return frame;
}

const html = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

describe("addresses", () => {
  it.each<[string, string, Record<string, string>, string]>([
    ["the root", "/", {}, START],
    ["a page", "/traces/abc?range=2h", html, START],
    ["a file", "/assets/index-1a2b.js", {}, SCRIPT],
    ["a route", "/scouter/healthcheck", html, '{"alive":true}'],
  ])("hands out %s", async (_name, url, headers, body) => {
    const reply = await app.inject({ url, headers });
    expect(reply.statusCode).toBe(200);
    expect(reply.body).toBe(body);
  });

  it.each<[string, string, Record<string, string>]>([
    ["a page that no browser asks for", "/traces", { accept: "application/json" }],
    ["an unknown route of the API", "/scouter/v2/nothing", html],
    ["an unknown route beside it", "/v1/nothing", html],
    ["a file that an older page asks for", "/assets/index-0000.js", html],
    ["a missing file", "/favicon.ico", html],
    ["a file outside of the folder", "/../secret.html", html],
    ["the same, encoded", "/%2e%2e/secret.html", html],
    ["a file of a type that is not ours", "/unknown.type", {}],
  ])("does not hand out %s", async (_name, url, headers) => {
    const reply = await app.inject({ url, headers });
    expect(reply.statusCode).toBe(404);
    expect(reply.body).not.toContain("not for you");
  });

  it("answers HEAD, and no other method than GET", async () => {
    expect((await app.inject({ method: "HEAD", url: "/" })).statusCode).toBe(200);
    expect((await app.inject({ method: "POST", url: "/" })).statusCode).toBe(404);
  });
});

describe("headers", () => {
  it("keep scripts to files of this origin", async () => {
    const { headers } = await app.inject("/");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'self'; script-src 'self';");
    expect(policy.split("; ").filter((rule) => rule.includes("unsafe"))).toEqual([
      "style-src 'self' 'unsafe-inline'",
    ]);
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    });
  });

  it("let files whose name changes with their content be kept", async () => {
    const { headers } = await app.inject("/assets/index-1a2b.js");
    expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  });
});

describe("compression", () => {
  it("sends what was compressed at the build, to those who take it", async () => {
    const url = "/assets/index-1a2b.js";
    const packed = await app.inject({ url, headers: { "accept-encoding": "br, gzip" } });
    expect(packed.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(packed.rawPayload).toString()).toBe(SCRIPT);
    expect((await app.inject(url)).headers["content-encoding"]).toBeUndefined();
  });
});

describe("a dashboard that was not built", () => {
  it("says how to build it, and has no files", async () => {
    const reply = await unbuilt.inject({ url: "/traces", headers: html });
    expect(reply.statusCode).toBe(200);
    expect(reply.body).toContain("npm run build");
    expect((await unbuilt.inject("/assets/index-1a2b.js")).statusCode).toBe(404);
  });
});
