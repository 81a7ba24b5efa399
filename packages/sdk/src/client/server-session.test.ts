import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { httpTransport } from "../transport/http-transport.ts";
import { ScouterClient } from "./scouter-client.ts";
import type { SessionOptions } from "./server-session.ts";

/** A server that knows ann/pass word and takes the tokens it gave, until they are withdrawn. */
let baseUrl: string;
let close: () => void;
let seen: { readonly request: string; readonly headers: IncomingHttpHeaders }[];
let good: Set<string>;
let loginStatus: number;
let renewTo: string | undefined;

beforeEach(async () => {
  seen = [];
  good = new Set();
  loginStatus = 200;
  renewTo = undefined;
  let logins = 0;
  const server = createServer((request, response) => {
    const { headers, method = "", url = "" } = request;
    const send = (status: number, body: object, extra: Record<string, string> = {}) =>
      response.writeHead(status, extra).end(JSON.stringify(body));
    const answer = () => {
      seen.push({ request: `${method} ${url}`, headers });
      if (url === "/scouter/auth/login") {
        if (loginStatus !== 200) return send(loginStatus, { error: "no", reason: "LOGIN_REFUSED" });
        const known = headers["username"] === "ann" && headers["password"] === "pass word";
        if (!known) return send(401, { error: "no", reason: "CREDENTIALS_WRONG" });
        const token = `t${(logins += 1)}`;
        good.add(token);
        return send(200, { token });
      }
      const token = (headers.authorization ?? "").replace("Bearer ", "");
      if (!good.has(token)) return send(401, { error: "Unauthorized", message: "no", reason: "T" });
      const renewed = renewTo === undefined ? {} : { authorization: `Bearer ${renewTo}` };
      if (renewTo !== undefined) good.add(renewTo);
      return send(200, { status: "success", spans: 1 }, renewed);
    };
    request.resume().on("end", answer);
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterEach(() => close());

const ann = { username: "ann", password: "pass word" };
const client = (options: SessionOptions = ann) => new ScouterClient({ baseUrl, ...options });
const transport = (options: SessionOptions = ann) => httpTransport({ baseUrl, ...options });
const batch = {
  body: Buffer.from(`{"records":["${"x".repeat(4_000_000)}"]}`),
  itemCount: 1,
  producer: "p",
  sequence: 1,
};
const requests = () => seen.map(({ request }) => request);
const LOGIN = "GET /scouter/auth/login";
const SUMMARY = "GET /scouter/v2/summary";

describe("a session", () => {
  test("logs in when it is asked to, and once for all who wait", async () => {
    const scouter = client();
    await Promise.all([scouter.summary(), scouter.summary(), scouter.summary()]);
    await scouter.summary();
    expect(requests().filter((request) => request === LOGIN)).toHaveLength(1);
    expect(seen.at(-1)?.headers.authorization).toBe("Bearer t1");
  });

  test("logs in again when its token is not taken any more", async () => {
    const scouter = client();
    await scouter.summary();
    good.clear();
    seen = [];
    await scouter.summary();
    expect(requests()).toEqual([SUMMARY, LOGIN, SUMMARY]);
  });

  test("goes on with the token that a reply brings", async () => {
    const scouter = client();
    renewTo = "renewed";
    await scouter.summary();
    renewTo = undefined;
    await scouter.summary();
    expect(seen.at(-1)?.headers.authorization).toBe("Bearer renewed");
  });

  test.for<{ options: SessionOptions; code: string }>([
    { options: { ...ann, password: "wrong" }, code: "CREDENTIALS_WRONG" },
    { options: {}, code: "CREDENTIALS_WRONG" },
    { options: { token: "old" }, code: "T" },
  ])("a refusal is the refused call's: $code", async ({ options, code }) => {
    await expect(client(options).summary()).rejects.toMatchObject({
      code: "SDK_UNAUTHORIZED",
      cause: { code },
    });
    expect(await transport(options).send(batch)).toMatchObject({ outcome: "failed", code });
  });

  test("without credentials, a token is all there is", async () => {
    good.add("given");
    await client({ token: "given" }).summary();
    expect(requests()).toEqual([SUMMARY]);
  });

  test("a transport sends its batch again after the login, however large", async () => {
    expect(await transport().send(batch)).toEqual({ outcome: "acknowledged", rejected: [] });
    expect(requests()).toEqual(["POST /scouter/message", LOGIN, "POST /scouter/message"]);
  });

  test("a busy login is a retry", async () => {
    loginStatus = 429;
    expect(await transport().send(batch)).toMatchObject({ outcome: "retry" });
  });

  test("gives tokens to others, from one login", async () => {
    const scouter = client();
    expect(await scouter.accessToken()).toBe("t1");
    expect(await scouter.accessToken()).toBe("t1");
    await expect(client({ ...ann, password: "x" }).accessToken()).rejects.toMatchObject({
      code: "SDK_UNAUTHORIZED",
    });
  });

  test.for([{ username: "ä" }, { password: "a " }, { password: "" }])("refuses %o", (options) => {
    expect(() => client({ ...ann, ...options })).toThrow(
      expect.objectContaining({ code: "SDK_CREDENTIALS_INVALID" }),
    );
  });
});
