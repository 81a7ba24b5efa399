import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { logIn } from "@scouter/testkit/server-process/guest-fetch";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportRequest } from "./otlp-request.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** Every address: no longer private, though the test reaches it on loopback. */
const OPENED = { SCOUTER_HOST: "0.0.0.0" };

let home: string;
let server: ServerProcess;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-login-"));
});
afterEach(async () => {
  await server.stop("SIGTERM");
  await rm(home, { recursive: true, force: true });
});

const start = async (env: Record<string, string> = {}) => {
  server = await startServerProcess({ entry, home, env });
};
const summary = async (token: string | undefined) => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await fetch(`${server.urls.http}/scouter/v2/summary`, { headers })).status;
};
const exportSpans = async (url: string, token?: string) => {
  const headers = {
    "content-type": "application/json",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const { body } = exportRequest({ spanCount: 1 });
  return (await fetch(`${url}/v1/traces`, { method: "POST", headers, body })).status;
};
const guestOfSignIn = async () => {
  const reply = await fetch(`${server.urls.http}/scouter/v2/sign-in`);
  return ((await reply.json()) as { readonly guest: string | null }).guest;
};
const tokenOf = (username: string, password: string) =>
  logIn(server.urls.http, { username, password });

describe("an embedded server on loopback", () => {
  it("knows admin and guest, takes spans from anybody and nothing else", async () => {
    await start();
    expect(await summary(undefined)).toBe(401);
    expect(await guestOfSignIn()).toBe("guest");
    for (const name of ["admin", "guest"])
      expect(await summary(await tokenOf(name, name))).toBe(200);
    expect(await exportSpans(server.urls.otlpHttp)).toBe(200);
    expect(await exportSpans(server.urls.http)).toBe(200);
    expect((await fetch(`${server.urls.metrics}/metrics`)).status).toBe(200);
    expect((await fetch(`${server.urls.http}/scouter/healthcheck`)).status).toBe(200);
  });

  it("keeps its keys: a token outlives the process, also one that was killed", async () => {
    await start();
    const token = await tokenOf("guest", "guest");
    await server.stop("SIGKILL");
    await start();
    expect(await summary(token)).toBe(200);
  });

  it("keeps spans to those with a token when told so", async () => {
    await start({ SCOUTER_OTLP_ANONYMOUS: "false" });
    for (const url of [server.urls.otlpHttp, server.urls.http]) {
      expect(await exportSpans(url)).toBe(401);
      expect(await exportSpans(url, await tokenOf("guest", "guest"))).toBe(200);
    }
  });
});

describe("a server that others reach", () => {
  const generatedPassword = () => /with the password (\S+)/.exec(server.output())?.[1] ?? "";

  it("has one administrator, whose password the log shows once", async () => {
    await start(OPENED);
    const password = generatedPassword();
    expect(await summary(await tokenOf("admin", password))).toBe(200);
    await expect(tokenOf("admin", "admin")).rejects.toThrow("401");
    await expect(tokenOf("guest", "guest")).rejects.toThrow("401");
    expect(await exportSpans(server.urls.otlpHttp)).toBe(401);
    await server.stop("SIGTERM");
    await start(OPENED);
    expect(server.output()).not.toContain("password");
    expect(await summary(await tokenOf("admin", password))).toBe(200);
  });

  it("takes well-known passwords out of use that a private time left behind", async () => {
    await start();
    const before = await tokenOf("guest", "guest");
    await server.stop("SIGTERM");
    await start(OPENED);
    expect(await summary(before)).toBe(401);
    expect(await guestOfSignIn()).toBeNull();
    await expect(tokenOf("admin", "admin")).rejects.toThrow("401");
    expect(await summary(await tokenOf("admin", generatedPassword()))).toBe(200);
  });
});
