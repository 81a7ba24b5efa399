import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";

const BOOTSTRAP_KEY = "a key that opens one door only, once";

let fixture: ApiFixture;
beforeAll(async () => {
  fixture = await apiFixture({ SCOUTER_BOOTSTRAP_KEY: BOOTSTRAP_KEY });
});
afterAll(() => fixture.close());

const ann = { username: "ann", password: "correct horse", email: "ann@example.com" };
type Method = "GET" | "POST" | "PUT" | "DELETE";
const call = (method: Method, url: string, payload?: object, headers: object = {}) =>
  fixture.app.inject({
    method,
    url,
    ...(payload === undefined ? {} : { payload }),
    headers: { ...headers },
  });
const login = (username: string, password: string) =>
  fixture.bare.inject({
    url: "/scouter/auth/login",
    headers: { Username: username, Password: password },
  });
const tokenOf = async (username: string, password: string) =>
  (await login(username, password)).json<{ token: string }>().token;

describe("users", () => {
  it("live from creation to deletion as the wire says", async () => {
    const created = await call("POST", "/scouter/user", ann);
    expect(created.statusCode).toBe(200);
    const user = {
      username: "ann",
      email: "ann@example.com",
      active: true,
      role: "user",
      permissions: ["read:all"],
      group_permissions: ["user"],
      favorite_spaces: [],
    };
    const body = created.json<{ user: object; recovery_codes: string[]; message: string }>();
    expect(body.user).toEqual(user);
    expect(body.recovery_codes).toHaveLength(4);
    for (const code of body.recovery_codes) expect(code).toMatch(/^[A-Za-z0-9]{16}$/);
    expect((await call("POST", "/scouter/user", ann)).statusCode).toBe(409);
    expect((await call("GET", "/scouter/user/ann")).json()).toEqual(user);
    const { users } = (await call("GET", "/scouter/user")).json<{
      users: { username: string }[];
    }>();
    expect(users.map(({ username }) => username)).toEqual(["admin", "guest", "ann"]);

    const authorization = `Bearer ${await tokenOf("ann", ann.password)}`;
    const change = { password: "another horse", permissions: ["write:all"], active: false };
    const changed = await call("PUT", "/scouter/user/ann", change, { authorization });
    expect(changed.json()).toEqual(user);
    expect((await login("ann", ann.password)).statusCode).toBe(401);
    expect((await login("ann", change.password)).statusCode).toBe(200);

    const byAdmin = await call("PUT", "/scouter/user/ann", {
      permissions: ["read:x"],
      active: false,
    });
    expect(byAdmin.json()).toMatchObject({ permissions: ["read:x"], active: false });
    expect((await call("GET", "/scouter/user/ann", undefined, { authorization })).statusCode).toBe(
      401,
    );

    expect((await call("DELETE", "/scouter/user/ann")).json()).toEqual({
      status: "success",
      message: "User ann deleted successfully",
    });
    expect((await call("DELETE", "/scouter/user/ann")).statusCode).toBe(200);
    expect((await call("GET", "/scouter/user/ann")).statusCode).toBe(404);
    expect((await call("PUT", "/scouter/user/ann", {})).statusCode).toBe(404);
  });

  it("keep their last administrator", async () => {
    const replies = [
      await call("DELETE", "/scouter/user/admin"),
      await call("PUT", "/scouter/user/admin", { active: false }),
    ];
    for (const reply of replies) {
      expect(reply.statusCode).toBe(403);
      expect(reply.json()).toMatchObject({ code: "CONFLICT", reason: "SERVER_LAST_ADMIN" });
    }
  });

  it.each([
    ["a short password", { ...ann, password: "short" }],
    ["a password that no header carries", { ...ann, password: "pässwörter" }],
    ["a name with a slash", { ...ann, username: "a/b" }],
  ])("are refused: %s", async (_name, user) => {
    const reply = await call("POST", "/scouter/user", user);
    expect(reply.statusCode).toBe(400);
    expect(reply.body).not.toContain(user.password);
  });
});

describe("the bootstrap key", () => {
  const withKey = (key: string) => ({ "x-bootstrap-token": key });
  it.each<[string, Method, string, object | undefined, string, number]>([
    [
      "creates a user",
      "POST",
      "/scouter/user",
      { ...ann, username: "boot", email: "b" },
      BOOTSTRAP_KEY,
      200,
    ],
    ["must be right", "POST", "/scouter/user", ann, `${BOOTSTRAP_KEY}!`, 401],
    ["opens nothing else", "GET", "/scouter/user", undefined, BOOTSTRAP_KEY, 401],
  ])("%s", async (_name, method, url, payload, key, status) => {
    const reply = await fixture.bare.inject({
      method,
      url,
      ...(payload === undefined ? {} : { payload }),
      headers: withKey(key),
    });
    expect(reply.statusCode).toBe(status);
  });
});

describe("GET /scouter/auth/*", () => {
  it.each([
    ["without a name", { password: "guest" }, 400],
    ["without a password", { username: "guest" }, 400],
    ["with a wrong password", { username: "guest", password: "x" }, 401],
    ["with an unknown user", { username: "x", password: "x" }, 401],
  ])("login %s", async (_name, headers, status) => {
    const reply = await fixture.bare.inject({
      url: "/scouter/auth/login",
      headers: { ...headers },
    });
    expect(reply.statusCode).toBe(status);
  });

  it("refreshes and validates a token, of the header or of the cookie", async () => {
    const token = await tokenOf("guest", "guest");
    const get = (url: string, headers: Record<string, string>) =>
      fixture.bare.inject({ url, headers });
    const authorization = `Bearer ${token}`;
    expect((await get("/scouter/auth/validate", { authorization })).json()).toEqual({
      is_authenticated: true,
    });
    const refreshed = (await get("/scouter/auth/refresh", { authorization })).json<{
      token: string;
    }>();
    expect(refreshed.token.split(".")).toHaveLength(3);
    expect(
      (await get("/scouter/v2/summary", { cookie: `a=b; access_token=${token}` })).statusCode,
    ).toBe(200);
    expect((await get("/scouter/auth/validate", {})).statusCode).toBe(401);
    expect((await get("/scouter/auth/validate", { authorization: "Bearer x" })).statusCode).toBe(
      401,
    );
    expect((await get("/scouter/auth/refresh", {})).statusCode).toBe(401);
  });
});
