import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeDatabase } from "../../test/fake/fake-database.ts";
import { openLogin } from "../compose/open-login.ts";
import { readConfig } from "../config/read-config.ts";
import { makeLogger } from "../log/make-logger.ts";
import type { Authenticator } from "./authenticator.ts";

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
const HERE = "127.0.0.1";
const guest = { username: "guest", password: "guest" };

let clock: ManualClock;
let database: FakeDatabase;
let authenticator: Authenticator;
let lines: string[];

async function open(env: Record<string, string> = {}) {
  lines = [];
  const { config } = readConfig(env);
  const logger = makeLogger(
    { level: "info", json: true },
    { write: (line) => void lines.push(line) },
  );
  ({ authenticator } = await openLogin({ config, database, outside: { clock }, logger }));
}

beforeEach(async () => {
  clock = new ManualClock();
  database = new FakeDatabase();
  await open();
});

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: { code?: string }) => error.code,
  );
const bearer = (accessToken: string) => authenticator.authenticate({ accessToken, address: HERE });

describe("login", () => {
  it("gives a token with the claims that clients know, in their form", async () => {
    const token = await authenticator.login(guest, HERE);
    const [header, payload] = token
      .split(".")
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()) as unknown);
    expect(header).toEqual({ alg: "HS256", typ: "JWT" });
    expect(payload).toEqual({
      sub: "guest",
      exp: Math.floor(clock.now() / 1000) + 3600,
      permissions: ["read:all", "write:all", "delete:all"],
      group_permissions: ["user"],
      salt: expect.stringMatching(/^[A-Za-z0-9]{16}$/),
    });
    expect((await bearer(token)).principal).toEqual({
      username: "guest",
      permissions: ["read:all", "write:all", "delete:all"],
      groupPermissions: ["user"],
    });
  });

  it.each([
    ["a wrong password", { ...guest, password: "Guest" }],
    ["an unknown user", { ...guest, username: "nobody" }],
    ["another letter case", { ...guest, username: "Guest" }],
    ["nothing", { username: "", password: "" }],
  ])("answers %s in one and the same way", async (_name, credentials) => {
    expect(await codeOf(authenticator.login(credentials, HERE))).toBe("SERVER_CREDENTIALS_WRONG");
  });

  it("tells an inactive user so only with the right password", async () => {
    await database.users.update("guest", { active: false });
    expect(await codeOf(authenticator.login(guest, HERE))).toBe("SERVER_USER_INACTIVE");
    const wrong = { ...guest, password: "x" };
    expect(await codeOf(authenticator.login(wrong, HERE))).toBe("SERVER_CREDENTIALS_WRONG");
  });

  it("stops ten failures a minute of a user at an address, and nobody else", async () => {
    const wrong = { ...guest, password: "x" };
    const codes = await Promise.all(
      Array.from({ length: 14 }, () => codeOf(authenticator.login(wrong, HERE))),
    );
    const limited = codes.filter((code) => code === "SERVER_LOGIN_LIMITED");
    // Two run at once, so one more than ten may have begun before the tenth failed.
    expect(limited.length).toBeGreaterThanOrEqual(3);
    await expect(authenticator.login(guest, HERE)).rejects.toMatchObject({
      code: "SERVER_LOGIN_LIMITED",
      kind: "busy",
      retryAfterMs: 60_000,
    });
    expect(await codeOf(authenticator.login(guest, "10.0.0.7"))).toBe("done");
    const admin = { username: "admin", password: "admin" };
    expect(await codeOf(authenticator.login(admin, HERE))).toBe("done");
    await clock.advance(60_000);
    expect(await codeOf(authenticator.login(guest, HERE))).toBe("done");
  });
});

describe("expiry", () => {
  it.each([
    { afterMs: 0, valid: true },
    { afterMs: HOUR_MS + 59 * SECOND_MS, valid: true },
    { afterMs: HOUR_MS + 60 * SECOND_MS, valid: false },
  ])("after $afterMs ms a token is valid: $valid", async ({ afterMs, valid }) => {
    const token = await authenticator.login(guest, HERE);
    await clock.advance(afterMs);
    expect(await authenticator.validate(token)).toBe(valid);
    expect((await bearer(token)).refreshedToken === undefined).toBe(valid);
  });

  it("is bridged as long as somebody comes within a day, then asks for a login", async () => {
    let token = await authenticator.login(guest, HERE);
    for (let time = 0; time < 3; time += 1) {
      await clock.advance(23 * HOUR_MS);
      token = (await bearer(token)).refreshedToken ?? "";
    }
    await clock.advance(25 * HOUR_MS);
    expect(await codeOf(bearer(token))).toBe("SERVER_TOKEN_EXPIRED");
    expect(await codeOf(authenticator.refresh(token))).toBe("SERVER_TOKEN_EXPIRED");
  });

  it("is bridged by credentials beside the token, which count as a login", async () => {
    const accessToken = await authenticator.login(guest, HERE);
    await clock.advance(48 * HOUR_MS);
    const authenticate = (password: string) =>
      authenticator.authenticate({
        accessToken,
        credentials: { ...guest, password },
        address: HERE,
      });
    const { refreshedToken = "" } = await authenticate("guest");
    expect(await authenticator.validate(refreshedToken)).toBe(true);
    await clock.advance(48 * HOUR_MS);
    const codes = [];
    for (let time = 0; time < 11; time += 1) codes.push(await codeOf(authenticate("x")));
    expect(codes.slice(-2)).toEqual(["SERVER_CREDENTIALS_WRONG", "SERVER_LOGIN_LIMITED"]);
  });

  it("is not bridged after the password or the permissions changed", async () => {
    const token = await authenticator.login(guest, HERE);
    await database.users.update("guest", { permissions: ["read:all"] });
    await clock.advance(2 * HOUR_MS);
    expect(await codeOf(bearer(token))).toBe("SERVER_TOKEN_EXPIRED");
  });

  it("refreshes on request, with the permissions of now", async () => {
    const token = await authenticator.login(guest, HERE);
    await clock.advance(2 * HOUR_MS);
    const renewed = await authenticator.refresh(token);
    expect(renewed).not.toBe(token);
    expect(await authenticator.validate(renewed)).toBe(true);
    expect(await codeOf(authenticator.refresh("x.y.z"))).toBe("SERVER_TOKEN_INVALID");
  });
});

describe("a token in use", () => {
  it("loses its rights within five seconds of its user", async () => {
    const token = await authenticator.login(guest, HERE);
    expect(await codeOf(bearer(token))).toBe("done");
    await database.users.update("guest", { active: false });
    await clock.advance(5000);
    expect(await codeOf(bearer(token))).toBe("SERVER_USER_INACTIVE");
    await database.users.delete("guest");
    await clock.advance(5000);
    expect(await codeOf(bearer(token))).toBe("SERVER_TOKEN_USER_UNKNOWN");
    expect(await authenticator.validate(token)).toBe(false);
  });

  it("is taken at its word while the database is away", async () => {
    const token = await authenticator.login(guest, HERE);
    database.away = true;
    expect((await bearer(token)).principal.username).toBe("guest");
    database.away = false;
  });

  it("is worth nothing where other keys are used", async () => {
    const token = await authenticator.login(guest, HERE);
    await open({ SCOUTER_ENCRYPT_SECRET: "another key of enough characters" });
    expect(await codeOf(bearer(token))).toBe("SERVER_TOKEN_INVALID");
  });
});

describe("first users", () => {
  const usernames = async () => (await database.users.list()).map(({ username }) => username);
  const generated = () => /the password (\S+)/.exec(lines.join(""))?.[1] ?? "";
  const opened = { SCOUTER_HOST: "0.0.0.0" };

  it("are the well-known two on a private server, created once", async () => {
    expect(await usernames()).toEqual(["admin", "guest"]);
    await open();
    expect(lines).toEqual([]);
  });

  it("is one administrator with a password shown once elsewhere", async () => {
    database = new FakeDatabase();
    await open(opened);
    expect(await usernames()).toEqual(["admin"]);
    const password = generated();
    expect(password).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(await codeOf(authenticator.login({ username: "admin", password }, HERE))).toBe("done");
    await open(opened);
    expect(lines).toEqual([]);
  });

  it("is the administrator that the configuration names, whose password is not shown", async () => {
    database = new FakeDatabase();
    const password = "a good password";
    await open({ SCOUTER_DEFAULT_USERNAME: "root", SCOUTER_DEFAULT_PASSWORD: password });
    expect(await usernames()).toEqual(["root"]);
    expect(lines.join("")).not.toContain(password);
    expect(await codeOf(authenticator.login({ username: "root", password }, HERE))).toBe("done");
  });

  it("lose their well-known passwords when the server is opened to others", async () => {
    await open(opened);
    const admin = { username: "admin", password: "admin" };
    expect(await codeOf(authenticator.login(admin, HERE))).toBe("SERVER_CREDENTIALS_WRONG");
    expect(await codeOf(authenticator.login(guest, HERE))).toBe("SERVER_USER_INACTIVE");
    const password = generated();
    expect(await codeOf(authenticator.login({ ...admin, password }, HERE))).toBe("done");
  });
});
