import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../test/fake/api-fixture.ts";
import { driftProfiles } from "../../../test/fake/drift-profiles.ts";
import {
  agentEval,
  profileRequestOf,
  sampleProfile,
  spanRow,
  traceTree,
} from "../../../test/fake/samples.ts";
import { Tokens } from "../../auth/tokens.ts";
import { randomText } from "../../auth/random-text.ts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { routeAccess } from "./route-access.ts";

/** One good request for a route, as the owner of the space `support` would send it. */
interface Example {
  readonly url?: string;
  readonly payload?: () => object;
  /** What a user gets who may read and write in another space only. */
  readonly stranger: number;
}

const UID = "00000000-0000-7000-8000-000000000000";
const RECORD_UID = "record-1";
const TRACE_ID = "a".repeat(32);
const inSupport = "name=answers&space=support&version=0.1.0&drift_type=Agent";
const page = () => ({ service_info: { space: "support", uid: UID } });
const profile = () =>
  profileRequestOf(
    sampleProfile({ config: { space: "support", name: "answers", version: "0.0.0", uid: UID } }),
  );
const records = () => ({ records: [agentEval(UID, RECORD_UID)] });
const empty = () => ({});
/** Of the profiles that are registered after the agent's. */
const driftUids = { Spc: uidAt(1), Psi: uidAt(2), Custom: uidAt(3) };
function uidAt(place: number): string {
  return UID.slice(0, -1) + String(place);
}
const chartOf = (kind: string, uid: string) => ({
  url: `/scouter/drift/${kind}?uid=${uid}&space=support&time_interval=OneHour&max_data_points=9`,
  stranger: 403,
});
const offlineRun = {
  format: "scouter-run",
  version: 1,
  run_id: "run-1",
  created_at: "2026-01-01T00:00:00Z",
  suite: { name: "support" },
  scenarios: [{ id: "s1", repeats: [{ outcome: "passed" }] }],
};
const driftRequest = (kind: keyof typeof driftProfiles) => {
  const body = driftProfiles[kind];
  const config = { ...(body["config"] as object), space: "support" };
  return { ...profileRequestOf({ ...body, config }), drift_type: kind };
};

/** Every route of the API must stand here: a new one without a row fails the test. */
const examples: Readonly<Record<string, Example>> = {
  "GET /scouter/healthcheck": { stranger: 200 },
  "GET /scouter/api/v1/capabilities": { stranger: 200 },
  "GET /scouter/api/v1/openapi.json": { stranger: 200 },
  "GET /scouter/auth/login": { stranger: 400 },
  "GET /scouter/auth/refresh": { stranger: 401 },
  "GET /scouter/auth/validate": { stranger: 200 },
  "GET /scouter/v2/sign-in": { stranger: 200 },
  "GET /scouter/user": { stranger: 403 },
  "POST /scouter/user": {
    payload: () => ({ username: "new", password: "long enough", email: "e" }),
    stranger: 403,
  },
  "GET /scouter/user/:username": { url: "/scouter/user/owner", stranger: 403 },
  "PUT /scouter/user/:username": {
    url: "/scouter/user/owner",
    payload: () => ({ favorite_spaces: ["s"] }),
    stranger: 403,
  },
  "DELETE /scouter/user/:username": { url: "/scouter/user/nobody", stranger: 403 },
  "GET /scouter/profile": { url: `/scouter/profile?${inSupport}`, stranger: 403 },
  "POST /scouter/profile": { payload: profile, stranger: 403 },
  "PUT /scouter/profile": { payload: profile, stranger: 403 },
  "PUT /scouter/profile/status": {
    payload: () => ({ name: "answers", space: "support", version: "0.1.0", active: true }),
    stranger: 403,
  },
  "POST /scouter/profiles": {
    payload: () => ({ space: "support", name: "answers", version: "0.1.0" }),
    stranger: 403,
  },
  "GET /scouter/v2/profiles": { stranger: 200 },
  "POST /scouter/agent/page/record": { payload: page, stranger: 403 },
  "POST /scouter/agent/page/workflow": { payload: page, stranger: 403 },
  "GET /scouter/agent/task": {
    url: `/scouter/agent/task?record_uid=${RECORD_UID}`,
    stranger: 403,
  },
  "GET /scouter/drift/spc": chartOf("spc", driftUids.Spc),
  "GET /scouter/drift/psi": chartOf("psi", driftUids.Psi),
  "GET /scouter/drift/custom": chartOf("custom", driftUids.Custom),
  "GET /scouter/drift/agent/task": chartOf("agent/task", UID),
  "GET /scouter/drift/agent/workflow": chartOf("agent/workflow", UID),
  "GET /scouter/drift/genai/task": chartOf("genai/task", UID),
  "GET /scouter/drift/genai/workflow": chartOf("genai/workflow", UID),
  "GET /scouter/v2/drift/windows": { url: `/scouter/v2/drift/windows?uid=${UID}`, stranger: 403 },
  "GET /scouter/v2/overview": { stranger: 200 },
  "GET /scouter/v2/drift/profiles": { stranger: 200 },
  "GET /scouter/v2/drift/grid": { url: `/scouter/v2/drift/grid?uid=${UID}`, stranger: 403 },
  "GET /scouter/v2/drift/windows/:id": { url: "/scouter/v2/drift/windows/7", stranger: 403 },
  "GET /scouter/v2/drift/windows/:id/distribution": {
    url: "/scouter/v2/drift/windows/7/distribution",
    stranger: 403,
  },
  "GET /scouter/v2/evaluations/profiles": { stranger: 200 },
  "GET /scouter/v2/evaluations/pass-rate": {
    url: `/scouter/v2/evaluations/pass-rate?uid=${UID}`,
    stranger: 403,
  },
  "GET /scouter/v2/evaluations/records": {
    url: `/scouter/v2/evaluations/records?uid=${UID}`,
    stranger: 403,
  },
  "GET /scouter/v2/evaluations/records/:uid": {
    url: `/scouter/v2/evaluations/records/${RECORD_UID}`,
    stranger: 403,
  },
  "GET /scouter/v2/evaluations/graph": {
    url: `/scouter/v2/evaluations/graph?uid=${UID}`,
    stranger: 403,
  },
  "GET /scouter/v2/evaluations/results": { stranger: 200 },
  "GET /scouter/v2/evaluations/judges": {
    url: `/scouter/v2/evaluations/judges?uid=${UID}`,
    stranger: 403,
  },
  "POST /scouter/v2/evaluations/again": {
    payload: () => ({ profile_uid: UID }),
    stranger: 403,
  },
  "POST /scouter/v2/evaluations/discard": {
    payload: () => ({ profile_uid: UID }),
    stranger: 403,
  },
  "GET /scouter/v2/alerts": { stranger: 200 },
  "GET /scouter/v2/alerts/:id": { url: "/scouter/v2/alerts/3", stranger: 403 },
  "GET /scouter/v2/alerts/:id/explanation": {
    url: "/scouter/v2/alerts/3/explanation",
    stranger: 403,
  },
  "POST /scouter/v2/drift/windows/:id/rerun": {
    url: "/scouter/v2/drift/windows/7/rerun",
    stranger: 403,
  },
  "POST /scouter/v2/drift/backtest": { payload: () => ({ uid: UID }), stranger: 403 },
  "POST /scouter/v2/alerts/test": { payload: () => ({ channel: "console" }), stranger: 403 },
  "POST /scouter/alerts": { payload: () => ({ uid: UID }), stranger: 403 },
  "PUT /scouter/alerts": {
    payload: () => ({ id: 3, active: true, space: "other" }),
    stranger: 403,
  },
  // Spans and tags belong to no space.
  "POST /scouter/trace/paginated": { payload: empty, stranger: 200 },
  "GET /scouter/trace/debug/recent": { stranger: 200 },
  "GET /scouter/v1/traces/:id/spans": {
    url: `/scouter/v1/traces/${"a".repeat(32)}/spans`,
    stranger: 200,
  },
  "GET /scouter/trace/spans": {
    url: `/scouter/trace/spans?trace_id=${"a".repeat(32)}`,
    stranger: 200,
  },
  "POST /scouter/trace/spans/filters": { payload: empty, stranger: 200 },
  "GET /scouter/v2/traces": { stranger: 200 },
  "GET /scouter/v2/traces/histogram": { stranger: 200 },
  "GET /scouter/v2/traces/facets": { stranger: 200 },
  "GET /scouter/v2/traces/services": { stranger: 200 },
  "GET /scouter/v2/traces/:trace_id": {
    url: `/scouter/v2/traces/${TRACE_ID}`,
    stranger: 200,
  },
  "GET /scouter/v2/traces/:trace_id/spans/:span_id": {
    url: `/scouter/v2/traces/${TRACE_ID}/spans/${spanRow().spanId}`,
    stranger: 200,
  },
  "POST /scouter/trace/spans/tags": {
    payload: () => ({ entity_type: "trace", tag_filters: [], match_all: false }),
    stranger: 200,
  },
  "GET /scouter/trace/baggage": {
    url: `/scouter/trace/baggage?trace_id=${TRACE_ID}`,
    stranger: 200,
  },
  "POST /scouter/trace/metrics": { payload: () => MINUTES, stranger: 200 },
  "POST /scouter/genai/metrics/tokens": { payload: () => MINUTES, stranger: 200 },
  "POST /scouter/genai/metrics/operations": { payload: () => MINUTES, stranger: 200 },
  "POST /scouter/genai/metrics/models": { payload: () => MINUTES, stranger: 200 },
  "POST /scouter/genai/metrics/agents": { payload: () => MINUTES, stranger: 200 },
  "POST /scouter/genai/metrics/tools": { payload: () => MINUTES, stranger: 200 },
  "POST /scouter/genai/metrics/errors": { payload: () => MINUTES, stranger: 200 },
  "POST /scouter/genai/spans": { payload: empty, stranger: 200 },
  "GET /scouter/genai/conversation/:id": {
    url: "/scouter/genai/conversation/c1",
    stranger: 200,
  },
  "POST /scouter/genai/agent/metrics": { payload: () => MINUTES, stranger: 200 },
  "POST /scouter/genai/tool/metrics": { payload: () => MINUTES, stranger: 200 },
  "GET /scouter/service/graph": { stranger: 200 },
  "GET /scouter/eval/scenarios": {
    url: "/scouter/eval/scenarios?collection_id=nightly",
    stranger: 200,
  },
  "POST /scouter/v2/eval/runs": {
    payload: () => ({ space: "support", run: offlineRun }),
    stranger: 403,
  },
  "GET /scouter/v2/eval/runs": { stranger: 200 },
  "GET /scouter/v2/eval/runs/:id": { url: "/scouter/v2/eval/runs/1", stranger: 403 },
  "GET /scouter/v2/eval/runs/:id/scenario": {
    url: "/scouter/v2/eval/runs/1/scenario?scenario=s1",
    stranger: 403,
  },
  "GET /scouter/v2/eval/runs/:id/report": {
    url: "/scouter/v2/eval/runs/1/report?baseline=1",
    stranger: 403,
  },
  "POST /scouter/v2/eval/runs/:id/notify": {
    url: "/scouter/v2/eval/runs/1/notify",
    payload: () => ({ channel: "console", baseline: 1, always: true }),
    stranger: 403,
  },
  "GET /scouter/v2/eval/baselines": { stranger: 200 },
  "PUT /scouter/v2/eval/baselines": {
    payload: () => ({ space: "support", name: "main", run: 1 }),
    stranger: 403,
  },
  "GET /scouter/tags": { url: "/scouter/tags?entity_type=t&entity_id=i", stranger: 200 },
  "POST /scouter/tags": { payload: () => ({ tags: [] }), stranger: 200 },
  "POST /scouter/tags/entity": {
    payload: () => ({ entity_type: "t", tags: [], match_all: true }),
    stranger: 200,
  },
  "GET /scouter/v2/summary": { stranger: 200 },
  "GET /scouter/v2/delivery/services": { stranger: 200 },
  "GET /scouter/v2/delivery/producers": { stranger: 200 },
  "GET /scouter/v2/delivery/parked": { stranger: 403 },
  "GET /scouter/v2/delivery/parked/:id/payload": {
    url: "/scouter/v2/delivery/parked/1/payload",
    stranger: 403,
  },
  "GET /scouter/v2/delivery/span-dead-letters": { stranger: 403 },
  "GET /scouter/v2/delivery/span-dead-letters/:id/payload": {
    url: "/scouter/v2/delivery/span-dead-letters/1/payload",
    stranger: 403,
  },
  // Refused record by record, and here that is every one.
  "POST /scouter/message": { payload: records, stranger: 422 },
  "POST /scouter/drift": { payload: records, stranger: 422 },
  "POST /v1/traces": { payload: empty, stranger: 200 },
  "POST /scouter/v1/traces": { payload: empty, stranger: 200 },
};

const MINUTES = {
  start_time: "2026-03-01T00:00:00Z",
  end_time: "2026-03-02T00:00:00Z",
  bucket_interval: "minute",
};
const secrets = { access: "a".repeat(32), refresh: "r".repeat(32) };
const strangeSecrets = { access: "s".repeat(32), refresh: "t".repeat(32) };
const DAY_MS = 86_400_000;

let fixture: ApiFixture;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  fixture = await apiFixture({
    SCOUTER_ENCRYPT_SECRET: secrets.access,
    SCOUTER_REFRESH_SECRET: secrets.refresh,
    SCOUTER_OTLP_ANONYMOUS: "false",
  });
  const { database, clock, lake } = fixture;
  lake.tree = traceTree();
  lake.spans.set(TRACE_ID, [spanRow()]);
  const nowMs = clock.now();
  const issuer = (at: number, keys = secrets) =>
    new Tokens({ secrets: keys, clock: new ManualClock({ startMs: at }), random: randomText });
  const people = [
    { username: "owner", permissions: ["read:support", "write:support"] },
    { username: "idle", permissions: ["read:support", "write:support"] },
    { username: "away", permissions: ["read:all", "write:all"], groupPermissions: ["admin"] },
    { username: "stranger", permissions: ["read:other", "write:other"] },
    { username: "nothing", permissions: [] },
    { username: "inactive", permissions: ["read:all", "write:all"], active: false },
  ];
  for (const person of people) {
    const user = {
      email: person.username,
      passwordHash: "none",
      recoveryCodeHashes: [],
      groupPermissions: ["user"],
      role: "user",
      active: true,
      ...person,
    };
    await database.users.create(user);
    tokens[user.username] = issuer(nowMs).issue("access", user);
    if (user.username === "away") {
      tokens["expired, can be renewed"] = issuer(nowMs - DAY_MS).issue("access", user);
      await database.users.storeRefreshToken("away", issuer(nowMs).issue("refresh", user));
    }
    if (user.username === "idle") {
      tokens["expired for good"] = issuer(nowMs - DAY_MS).issue("access", user);
      const old = issuer(nowMs - 2 * DAY_MS).issue("refresh", user);
      await database.users.storeRefreshToken("idle", old);
    }
  }
  const nobody = { username: "ghost", permissions: ["read:all"], groupPermissions: ["admin"] };
  tokens["of a removed user"] = issuer(nowMs).issue("access", nobody);
  tokens["signed by another"] = issuer(nowMs, strangeSecrets).issue("access", nobody);
  tokens["a refresh token"] = issuer(nowMs).issue("refresh", { ...nobody, username: "owner" });
  tokens["damaged"] = "x.y.z";
  const unsigned = [
    { alg: "none", typ: "JWT" },
    { sub: "admin", exp: 9e9 },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  tokens["unsigned"] = `${unsigned.join(".")}.`;
  await fixture.app.inject({ method: "POST", url: "/scouter/profile", payload: profile() });
  for (const kind of ["Spc", "Psi", "Custom"] as const) {
    const payload = driftRequest(kind);
    const reply = await fixture.app.inject({ method: "POST", url: "/scouter/profile", payload });
    expect(reply.json()).toMatchObject({ uid: driftUids[kind] });
  }
  await fixture.app.inject({ method: "POST", url: "/scouter/message", payload: records() });
  await fixture.app.inject({
    method: "POST",
    url: "/scouter/v2/eval/runs",
    payload: { space: "support", run: offlineRun },
  });
  const scenario = { id: "s1", initial_query: "hello" };
  await database.evalScenarios.register("nightly", [{ id: "s1", scenario }]);
});
afterAll(() => fixture.close());

async function call(route: string, who: string | undefined) {
  const [method = "GET", template = ""] = route.split(" ");
  const { url = template, payload } = examples[route] ?? { stranger: 0 };
  const token = who === undefined ? undefined : tokens[who];
  return fixture.bare.inject({
    method: method as "GET",
    url,
    ...(payload === undefined ? {} : { payload: payload() }),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
}

const routes = Object.keys(examples);
const closed = routes.filter((route) => routeAccess[route] !== "public");
const byAdmin = new Set(routes.filter((route) => routeAccess[route] === "admin"));

describe("the table of routes", () => {
  it("has every route of the API, and none besides", () => {
    const registered = fixture.routes.all().filter((route) => !/^(HEAD|OPTIONS) /.test(route));
    expect(registered).toEqual(routes.toSorted());
    expect(Object.keys(routeAccess).toSorted()).toEqual(routes.toSorted());
  });
});

describe.each(closed)("%s", (route) => {
  it("asks for a token", async () => {
    const reply = await call(route, undefined);
    expect(reply.statusCode).toBe(401);
    expect(reply.body).toContain("no access token provided");
  });

  it.each([
    "damaged",
    "unsigned",
    "signed by another",
    "a refresh token",
    "of a removed user",
    "inactive",
    "expired for good",
  ])("refuses a token: %s", async (who) => {
    const reply = await call(route, who);
    expect(reply.statusCode).toBe(401);
    expect(reply.headers["authorization"]).toBeUndefined();
  });

  it("renews an expired token", async () => {
    const reply = await call(route, "expired, can be renewed");
    expect(reply.statusCode).toBe(200);
    expect(reply.headers["authorization"]).toMatch(/^Bearer \S+\.\S+\.\S+$/);
  });

  it("takes the token of an owner, unless it is for administrators", async () => {
    expect((await call(route, "owner")).statusCode).toBe(byAdmin.has(route) ? 403 : 200);
  });

  it("gives a user without permissions nothing but what is his own", async () => {
    expect((await call(route, "nothing")).statusCode).toBe(403);
  });
});

it.each(routes)("%s, as a user of another space", async (route) => {
  expect((await call(route, "stranger")).statusCode).toBe(examples[route]?.stranger);
});

describe("a space that the caller names and the thing does not belong to", () => {
  const mine = "other";
  it.each<[string, "POST" | "PUT" | "GET", string, object]>([
    ["records", "POST", "/scouter/agent/page/record", { service_info: { space: mine, uid: UID } }],
    [
      "workflows",
      "POST",
      "/scouter/agent/page/workflow",
      { service_info: { space: mine, uid: UID } },
    ],
    ["a profile's change", "PUT", "/scouter/profile", { ...profile(), space: mine }],
    ["a profile's registration", "POST", "/scouter/profile", { ...profile(), space: mine }],
  ])("does not open %s", async (_name, method, url, payload) => {
    const headers = { authorization: `Bearer ${tokens["stranger"]}` };
    const reply = await fixture.bare.inject({ method, url, payload, headers });
    expect(reply.statusCode).toBe(403);
    expect(reply.json()).toMatchObject({ code: "PERMISSION_DENIED" });
  });

  it("hides profiles of other spaces from lists", async () => {
    const listed = async (url: string, field: string) => {
      const headers = { authorization: `Bearer ${tokens["stranger"]}` };
      const reply = await fixture.bare.inject({ url, headers });
      return reply.json<Record<string, unknown[]>>()[field];
    };
    expect(await listed("/scouter/v2/profiles", "items")).toEqual([]);
    expect(await listed("/scouter/v2/summary", "profiles")).toEqual([]);
  });

  it.each(["overview", "drift/profiles", "evaluations/profiles", "alerts"])(
    "does not let another ask for the space in %s",
    async (path) => {
      const headers = { authorization: `Bearer ${tokens["stranger"]}` };
      const url = `/scouter/v2/${path}?space=support`;
      const reply = await fixture.bare.inject({ url, headers });
      expect(reply.statusCode).toBe(403);
      expect(reply.json()).toMatchObject({ code: "SERVER_PERMISSION_DENIED" });
    },
  );

  it("does not open alerts of a profile that it does not belong to", async () => {
    const headers = { authorization: `Bearer ${tokens["stranger"]}` };
    const url = `/scouter/v2/alerts?space=other&uid=${UID}`;
    expect((await fixture.bare.inject({ url, headers })).statusCode).toBe(403);
  });
});

describe("bodies of refusals", () => {
  it("say Unauthorized and why on the wire's routes, problem details on ours", async () => {
    expect((await call("GET /scouter/tags", undefined)).json()).toEqual({
      error: "Unauthorized",
      message: "no access token provided",
      code: "UNAUTHORIZED",
      reason: "SERVER_TOKEN_MISSING",
      suggested_action: expect.any(String),
      retry: false,
    });
    expect((await call("GET /scouter/v2/summary", "damaged")).json()).toMatchObject({
      status: 401,
      code: "SERVER_TOKEN_INVALID",
    });
    expect((await call("POST /v1/traces", undefined)).json()).toMatchObject({ code: 16 });
    expect((await call("GET /scouter/user", "owner")).json()).toMatchObject({
      code: "ADMIN_REQUIRED",
    });
  });
});
