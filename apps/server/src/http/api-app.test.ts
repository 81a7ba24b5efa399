import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../test/fake/api-fixture.ts";
import { routeAccess } from "./guard/route-access.ts";

let fixture: ApiFixture;
beforeAll(async () => {
  fixture = await apiFixture();
});
afterAll(() => fixture.close());

type Method = "GET" | "POST" | "PUT" | "DELETE";
const call = (method: Method, url: string, payload?: string, type = "application/json") =>
  fixture.app.inject({
    method,
    url,
    ...(payload === undefined ? {} : { payload, headers: { "content-type": type } }),
  });

describe("every reply", () => {
  it.each<[Method, string, string | undefined, number]>([
    ["GET", "/scouter/healthcheck", undefined, 200],
    ["GET", "/nothing", undefined, 404],
    ["POST", "/scouter/healthcheck", "{}", 405],
    ["POST", "/scouter/trace/paginated", "{", 400],
    ["GET", "/%zz", undefined, 400],
  ])("carries the API version: %s %s", async (method, url, payload, status) => {
    const reply = await call(method, url, payload);
    expect(reply.statusCode).toBe(status);
    expect(reply.headers["x-scouter-api-version"]).toBe("1.0.0");
  });
});

describe("bad input", () => {
  const filters = "/scouter/trace/paginated";
  it.each<[string, Method, string, string | undefined, string, number, string]>([
    [
      "an unknown route",
      "GET",
      "/scouter/nothing",
      undefined,
      "",
      404,
      "there is no GET /scouter/nothing",
    ],
    [
      "an unknown route with a body of any type",
      "POST",
      "/scouter/nothing",
      "x",
      "text/csv",
      404,
      "there is no POST",
    ],
    [
      "logs of OTLP",
      "POST",
      "/v1/logs",
      "x",
      "application/x-protobuf",
      404,
      "OTLP logs are not taken: this server stores spans",
    ],
    [
      "metrics of OTLP",
      "POST",
      "/scouter/v1/metrics",
      "{}",
      "application/json",
      404,
      "OTLP metrics are not taken",
    ],
    [
      "a wrong method",
      "DELETE",
      "/scouter/profile",
      undefined,
      "",
      405,
      "expected GET, HEAD, POST, PUT",
    ],
    ["cut JSON", "POST", filters, '{"limit":', "application/json", 400, "the body is not JSON"],
    ["an empty body", "POST", filters, "", "application/json", 400, "it is empty"],
    ["another content type", "POST", filters, "a=1", "text/plain", 415, "text/plain"],
    ["a wrong type", "POST", filters, '{"limit":"ten"}', "application/json", 422, "'limit': "],
    [
      "a nested problem",
      "POST",
      "/scouter/agent/page/record",
      '{"service_info":{"space":"s"}}',
      "application/json",
      422,
      "'service_info.uid': ",
    ],
    ["not an object", "POST", filters, "[]", "application/json", 422, "the value: "],
    ["a missing parameter", "GET", "/scouter/agent/task", undefined, "", 400, "'record_uid': "],
    [
      "a limit out of range",
      "GET",
      "/scouter/v2/profiles?limit=0",
      undefined,
      "",
      400,
      "'limit': ",
    ],
    [
      "a name that is too long",
      "GET",
      `/scouter/profile?name=${"n".repeat(201)}&space=s&version=1.0.0&drift_type=Agent`,
      undefined,
      "",
      400,
      "200 character limit",
    ],
    [
      "an unknown drift type",
      "GET",
      "/scouter/profile?name=n&space=s&version=1.0.0&drift_type=Llm",
      undefined,
      "",
      400,
      "'drift_type': ",
    ],
    [
      "a trace id that is none",
      "GET",
      "/scouter/v1/traces/xyz/spans",
      undefined,
      "",
      400,
      "'xyz' is not 32 hexadecimal digits",
    ],
  ])("%s", async (_name, method, url, payload, type, status, message) => {
    const reply = await call(method, url, payload, type);
    expect(reply.statusCode).toBe(status);
    expect(reply.body).toContain(message);
    const body = reply.json<Record<string, unknown>>();
    expect(body["suggested_action"]).toBeTypeOf("string");
    expect(body["retry"]).toBe(false);
  });

  it("names the methods that a path takes", async () => {
    const reply = await call("DELETE", "/scouter/message");
    expect(reply.headers["allow"]).toBe("POST");
  });

  it("has the wire's body on its routes and problem details on ours", async () => {
    expect((await call("GET", "/scouter/agent/task")).json()).toEqual({
      error: expect.stringContaining("'record_uid'"),
      code: "BAD_REQUEST",
      suggested_action: expect.any(String),
      retry: false,
      reason: "SERVER_PARAMETER_INVALID",
    });
    const problem = await call("GET", "/scouter/v2/profiles?limit=x");
    expect(problem.headers["content-type"]).toContain("application/problem+json");
    expect(problem.json()).toEqual({
      type: "about:blank",
      title: "BAD_REQUEST",
      status: 400,
      detail: expect.stringContaining("'limit'"),
      code: "SERVER_PARAMETER_INVALID",
      suggested_action: expect.any(String),
      retry: false,
    });
  });
});

describe("metrics of requests", () => {
  it("count by the route's template", async () => {
    await call("GET", `/scouter/v1/traces/${"a".repeat(32)}/spans`);
    const text = await fixture.metrics.registry.metrics();
    expect(text).toContain(
      'http_requests_total{method="GET",path="/scouter/v1/traces/:id/spans",status="200"} 1',
    );
    expect(text).not.toContain("aaaaaaaa");
    expect(text).toContain("nodejs_eventloop_lag_p99_seconds");
  });
});

describe("GET /scouter/healthcheck and capabilities", () => {
  it("say what runs here", async () => {
    expect((await call("GET", "/scouter/healthcheck")).json()).toEqual({
      alive: true,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    const body = (await call("GET", "/scouter/api/v1/capabilities")).json();
    expect(body).toMatchObject({
      api_version: "1.0.0",
      features: { distributed_tracing: true, agent_evaluation: true, drift_detection: false },
      auth: { auth_type: "bearer", login_endpoint: "GET /scouter/auth/login" },
      ingest: { acknowledge: "durable", durability: "process" },
    });
  });
});

describe("GET /scouter/api/v1/openapi.json", () => {
  interface Document {
    openapi: string;
    info: { title: string };
    paths: Record<string, Record<string, unknown>>;
    components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
  }

  /** The description itself, and OTLP, which is described elsewhere. */
  const NOT_DESCRIBED = new Set([
    "/scouter/api/v1/openapi.json",
    "/scouter/v1/traces",
    "/v1/traces",
  ]);

  it("describes the routes", async () => {
    const document = (await call("GET", "/scouter/api/v1/openapi.json")).json<Document>();
    expect(document.openapi).toBe("3.1.0");
    expect(document.info.title).toBe("Scouter API");
    expect(document.components.securitySchemes).toHaveProperty("bearer_token");
    expect(Object.keys(document.components.schemas)).toContain("EvalRecord");
    const described = Object.keys(routeAccess)
      .map((route) => route.split(" ")[1]?.replaceAll(/:(\w+)/g, "{$1}") ?? "")
      .filter((path) => !NOT_DESCRIBED.has(path));
    expect(Object.keys(document.paths).toSorted()).toEqual([...new Set(described)].toSorted());
  });

  it("has no reference that leads nowhere", async () => {
    const document = (await call("GET", "/scouter/api/v1/openapi.json")).json<Document>();
    const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/([\w-]+)/g)];
    const known = Object.keys(document.components.schemas);
    expect(references.length).toBeGreaterThan(0);
    for (const [, name] of references) expect(known).toContain(name);
  });
});
