import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { agentEvalProfile, isScouterError, profileRequest } from "@scouter/contracts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { agentProfile } from "../profile/agent-profile.ts";
import { assertionTask } from "../profile/task-builder.ts";
import { ScouterClient } from "./scouter-client.ts";
import { serverProblem } from "./server-problem.ts";

interface Received {
  readonly request: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

let received: Received[];
let reply: Reply | "none";
let baseUrl: string;
let close: () => void;

beforeEach(async () => {
  received = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { authorization } = request.headers;
      received.push({ request: `${request.method} ${request.url}`, authorization, body });
      if (reply === "none") return;
      const replyText = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
      response.writeHead(reply.status ?? 200, reply.headers).end(replyText);
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => {
    server.close();
    server.closeAllConnections();
  };
});
afterEach(() => {
  close();
});

const profile = agentProfile({
  space: "support",
  name: "answers",
  tasks: [assertionTask({ id: "a", operator: "Equals", expectedValue: 1 })],
});
const registered = {
  space: "support",
  name: "answers",
  version: "0.1.0",
  uid: "u1",
  status: "success",
  active: true,
};

describe("registerProfile", () => {
  test("sends the profile as a text within JSON and returns it with the server's identity", async () => {
    reply = { body: registered };
    const result = await client().registerProfile(profile, { active: true });
    const body = profileRequest.parse(received[0]?.body);
    expect(received[0]?.request).toBe("POST /scouter/profile");
    expect(body).toMatchObject({
      space: "support",
      drift_type: "Agent",
      version_request: { version: null, version_type: "Minor", pre_tag: null, build_tag: null },
      active: true,
      deactivate_others: false,
    });
    expect(agentEvalProfile.parse(JSON.parse(body.profile))).toEqual(profile);
    expect(result).toMatchObject({ uid: "u1", version: "0.1.0", active: true });
    expect(result.profile).toEqual({
      ...profile,
      config: { ...profile.config, uid: "u1", version: "0.1.0" },
    });
  });

  test.for([
    { own: undefined, option: undefined, asked: null },
    { own: "1.2.0", option: undefined, asked: "1.2.0" },
    { own: "1.2.0", option: "2.0.0", asked: "2.0.0" },
  ])("a profile of version $own with the option $option asks for $asked", async (row) => {
    reply = { body: registered };
    const versioned = agentProfile({
      space: "support",
      name: "answers",
      tasks: [],
      ...(row.own === undefined ? {} : { version: row.own }),
    });
    const options = row.option === undefined ? {} : { version: row.option };
    await client().registerProfile(versioned, { ...options, versionType: "Patch" });
    expect(received[0]?.body).toMatchObject({
      version_request: { version: row.asked, version_type: "Patch" },
    });
  });

  test("the option 'driftType' says what the profile does not", async () => {
    reply = { body: { ...registered, next_run: "2026-01-02T00:00:00Z" } };
    const { nextRun } = await client().registerProfile(profile, { driftType: "Spc" });
    expect(received[0]?.body).toMatchObject({ drift_type: "Spc" });
    expect(nextRun).toBe("2026-01-02T00:00:00Z");
  });

  test("the option 'space' moves the profile itself", async () => {
    reply = { body: { ...registered, space: "other" } };
    const result = await client().registerProfile(profile, { space: "other" });
    const body = profileRequest.parse(received[0]?.body);
    expect(body.space).toBe("other");
    expect(agentEvalProfile.parse(JSON.parse(body.profile)).config.space).toBe("other");
    expect(result.profile.config.space).toBe("other");
  });
});

const page = { items: [], has_next: false, next_cursor: null };
const calls: readonly {
  readonly name: string;
  readonly call: (client: ScouterClient) => Promise<unknown>;
  readonly reply: object;
  readonly request: string;
  readonly body?: object;
  readonly result: unknown;
}[] = [
  {
    name: "health",
    call: (client) => client.health(),
    reply: { alive: true, version: "0.1.0" },
    request: "GET /scouter/healthcheck",
    result: { alive: true, version: "0.1.0" },
  },
  {
    name: "getProfile",
    call: (client) =>
      client.getProfile({ space: "a b", name: "n", version: "1.0.0", driftType: "Agent" }),
    reply: { Agent: {} },
    request: "GET /scouter/profile?space=a+b&name=n&version=1.0.0&drift_type=Agent",
    result: { Agent: {} },
  },
  {
    name: "listProfiles",
    call: (client) => client.listProfiles({ cursor: "c", limit: 5 }),
    reply: { items: [], next_cursor: null },
    request: "GET /scouter/v2/profiles?cursor=c&limit=5",
    result: { items: [], next_cursor: null },
  },
  {
    name: "evalRecords",
    call: (client) =>
      client.evalRecords({
        space: "s",
        uid: "u",
        status: "Processed",
        limit: 10,
        cursor: { created_at: "2026-01-01T00:00:00Z", id: 7 },
      }),
    reply: page,
    request: "POST /scouter/agent/page/record",
    body: {
      service_info: { space: "s", uid: "u" },
      status: "Processed",
      limit: 10,
      cursor_created_at: "2026-01-01T00:00:00Z",
      cursor_id: 7,
    },
    result: page,
  },
  {
    name: "evalWorkflows",
    call: (client) => client.evalWorkflows({ space: "s", uid: "u" }),
    reply: page,
    request: "POST /scouter/agent/page/workflow",
    body: { service_info: { space: "s", uid: "u" } },
    result: page,
  },
  {
    name: "evalTasks",
    call: (client) => client.evalTasks("r1"),
    reply: { tasks: [{ task_id: "a" }] },
    request: "GET /scouter/agent/task?record_uid=r1",
    result: [{ task_id: "a" }],
  },
  {
    name: "listTraces",
    call: (client) => client.listTraces({ service_name: "shop", limit: 2 }),
    reply: page,
    request: "POST /scouter/trace/paginated",
    body: { service_name: "shop", limit: 2 },
    result: page,
  },
  {
    name: "searchTraces",
    call: (client) =>
      client.searchTraces({ service: ["a", "b"], attr: ["k:eq:1"], status: "error", limit: 2 }),
    reply: { items: [], next_cursor: null },
    request: "GET /scouter/v2/traces?service=a&service=b&attr=k%3Aeq%3A1&status=error&limit=2",
    result: { items: [], next_cursor: null },
  },
  {
    name: "traceSpans",
    call: (client) => client.traceSpans("00ff"),
    reply: { spans: [{ span_id: "1" }] },
    request: "GET /scouter/v1/traces/00ff/spans",
    result: [{ span_id: "1" }],
  },
  {
    name: "setProfileStatus",
    call: (client) =>
      client.setProfileStatus({ space: "s", name: "n", version: "1.0.0", active: true }),
    reply: { status: "success" },
    request: "PUT /scouter/profile/status",
    body: { space: "s", name: "n", version: "1.0.0", active: true, deactivate_others: false },
    result: undefined,
  },
  {
    name: "rerunDriftWindow",
    call: (client) => client.rerunDriftWindow(7),
    reply: { id: 7, status: "due" },
    request: "POST /scouter/v2/drift/windows/7/rerun",
    result: { id: 7, status: "due" },
  },
  {
    name: "testAlertChannel",
    call: (client) => client.testAlertChannel("slack:#ml"),
    reply: { channel: "slack", delivered: true },
    request: "POST /scouter/v2/alerts/test",
    body: { channel: "slack:#ml" },
    result: { channel: "slack", delivered: true },
  },
  {
    name: "summary",
    call: (client) => client.summary(),
    reply: { spans: 1, pass_rate: null },
    request: "GET /scouter/v2/summary",
    result: { spans: 1, pass_rate: null },
  },
];

test.for(calls)("$name: $request", async ({ call, reply: body, request, body: sent, result }) => {
  reply = { body };
  expect(await call(client({ token: "t0" }))).toEqual(result);
  expect(received).toEqual([{ request, authorization: "Bearer t0", body: sent }]);
});

describe("errors", () => {
  test.for([
    { status: 400, code: "SDK_REQUEST_INVALID", kind: "invalid" },
    { status: 401, code: "SDK_UNAUTHORIZED", kind: "unauthorized" },
    { status: 403, code: "SDK_FORBIDDEN", kind: "forbidden" },
    { status: 404, code: "SDK_NOT_FOUND", kind: "not-found" },
    { status: 409, code: "SDK_CONFLICT", kind: "conflict" },
    { status: 413, code: "SDK_TOO_LARGE", kind: "too-large" },
    { status: 422, code: "SDK_REQUEST_INVALID", kind: "invalid" },
    { status: 429, code: "SDK_BUSY", kind: "busy" },
    { status: 500, code: "SDK_SERVER_FAILED", kind: "internal" },
    { status: 503, code: "SDK_UNAVAILABLE", kind: "unavailable" },
  ])("status $status is $code and carries what the server said", async ({ status, code, kind }) => {
    reply = {
      status,
      headers: { "retry-after": "2" },
      body: { error: "what", code: "WIRE", reason: "OWN", suggested_action: "do", retry: false },
    };
    const error = await failure(client().summary());
    expect(error).toMatchObject({
      code,
      kind,
      message: `GET /scouter/v2/summary answered ${status} OWN: what`,
      remedy: "do",
      retryAfterMs: 2_000,
    });
    expect(serverProblem(error)).toMatchObject({
      status,
      code: "OWN",
      message: "what",
      remedy: "do",
    });
  });

  test.for([
    { name: "the wire's body", body: { error: "e", code: "C" }, code: "C", message: "e" },
    {
      name: "a problem document",
      body: { title: "t", detail: "d" },
      code: "HTTP_404",
      message: "d",
    },
    {
      name: "the auth middleware's body",
      body: { error: "Unauthorized", message: "No access token provided" },
      code: "HTTP_404",
      message: "Unauthorized: No access token provided",
    },
    {
      name: "a proxy's page",
      body: "<html>no</html>",
      code: "HTTP_404",
      message: "<html>no</html>",
    },
    { name: "nothing", body: "", code: "HTTP_404", message: "empty reply" },
  ])("reads $name", async ({ body, code, message }) => {
    reply = { status: 404, body };
    const error = await failure(client().summary());
    expect(serverProblem(error)).toMatchObject({ status: 404, code, message, remedy: undefined });
    expect(error).toMatchObject({ remedy: "check the identity that was asked for" });
  });

  test.for(["<html>", "7", ""])("a success whose body is '%s' is not Scouter's", async (body) => {
    reply = { body };
    expect(await failure(client().summary())).toMatchObject({ code: "SDK_REPLY_INVALID" });
  });

  test("a reply that does not come", async () => {
    reply = "none";
    const error = await failure(client({ timeoutMs: 50 }).summary());
    expect(error).toMatchObject({ code: "SDK_REQUEST_TIMED_OUT", kind: "timeout" });
    expect(serverProblem(error)).toBeUndefined();
  });

  test("a server that is not there", async () => {
    close();
    const error = await failure(client().summary());
    expect(error).toMatchObject({ code: "SDK_SERVER_UNREACHABLE", kind: "unavailable" });
    expect(error.message).toContain("ECONNREFUSED");
  });

  test.for([{ baseUrl: "localhost" }, { timeoutMs: -1 }])("refuses %o", (options) => {
    expect(() => new ScouterClient(options)).toThrow(expect.objectContaining({ kind: "invalid" }));
  });
});

function client(options: { readonly token?: string; readonly timeoutMs?: number } = {}) {
  return new ScouterClient({ baseUrl, ...options });
}

async function failure(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isScouterError(error)) throw new Error("expected a ScouterError", { cause: error });
  return error;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const sent = await text(request);
  return sent === "" ? undefined : JSON.parse(sent);
}

describe("offline runs", () => {
  const run = {
    format: "scouter-run",
    version: 1,
    run_id: "r1",
    created_at: "2026-01-01T00:00:00Z",
    suite: { name: "support" },
    scenarios: [],
  } as const;

  test.each([
    [
      "POST /scouter/v2/eval/runs",
      (own: ScouterClient) => own.storeEvalRun({ space: "s", run: { ...run, scenarios: [] } }),
    ],
    [
      "GET /scouter/v2/eval/runs?space=s&limit=2",
      (own: ScouterClient) => own.listEvalRuns({ space: "s", limit: 2 }),
    ],
    ["GET /scouter/v2/eval/runs/7", (own: ScouterClient) => own.evalRun(7)],
    [
      "POST /scouter/v2/eval/runs/7/notify",
      (own: ScouterClient) => own.notifyOfEvalRun(7, { channel: "console", baseline: 6 }),
    ],
    [
      "GET /scouter/v2/eval/baselines?space=s",
      (own: ScouterClient) => own.listEvalBaselines({ space: "s" }),
    ],
    [
      "PUT /scouter/v2/eval/baselines",
      (own: ScouterClient) => own.promoteEvalBaseline({ space: "s", name: "main", run: 7 }),
    ],
  ])("%s", async (request, call) => {
    reply = { body: { id: 7 } };
    expect(await call(new ScouterClient({ baseUrl }))).toEqual({ id: 7 });
    expect(received.at(-1)?.request).toBe(request);
  });
});
