/**
 * What a caller must show before a route is even looked at. The routes themselves ask for permissions in the space that
 * something belongs to, which stands in the body or in the database.
 *
 * - `public`: nothing.
 * - `signed-in`: a token.
 * - `read`, `write`: a token with that permission in at least one space.
 * - `admin`: a token of the admin group.
 * - `span-export`: as `write`, unless spans may come without a token.
 */
export type RouteAccess = "public" | "signed-in" | "read" | "write" | "admin" | "span-export";

/** By method and template. A route that is missing here is open to administrators alone. */
export const routeAccess: Readonly<Record<string, RouteAccess>> = {
  "GET /scouter/healthcheck": "public",
  "GET /scouter/api/v1/capabilities": "public",
  "GET /scouter/api/v1/openapi.json": "public",
  "GET /scouter/auth/login": "public",
  "GET /scouter/auth/refresh": "public",
  "GET /scouter/auth/validate": "public",
  "GET /scouter/v2/sign-in": "public",

  "GET /scouter/user": "admin",
  "POST /scouter/user": "admin",
  "GET /scouter/user/:username": "signed-in",
  "PUT /scouter/user/:username": "signed-in",
  "DELETE /scouter/user/:username": "admin",

  "GET /scouter/profile": "read",
  "POST /scouter/profile": "write",
  "PUT /scouter/profile": "write",
  "PUT /scouter/profile/status": "write",
  "POST /scouter/profiles": "read",
  "GET /scouter/v2/profiles": "read",

  "POST /scouter/agent/page/record": "read",
  "POST /scouter/agent/page/workflow": "read",
  "GET /scouter/agent/task": "read",

  "GET /scouter/drift/spc": "read",
  "GET /scouter/drift/psi": "read",
  "GET /scouter/drift/custom": "read",
  "GET /scouter/drift/agent/task": "read",
  "GET /scouter/drift/agent/workflow": "read",
  "GET /scouter/drift/genai/task": "read",
  "GET /scouter/drift/genai/workflow": "read",
  "GET /scouter/v2/drift/windows": "read",
  "POST /scouter/v2/drift/windows/:id/rerun": "write",
  "POST /scouter/v2/drift/backtest": "read",

  "GET /scouter/v2/drift/profiles": "read",
  "GET /scouter/v2/drift/grid": "read",
  "GET /scouter/v2/drift/windows/:id": "read",
  "GET /scouter/v2/drift/windows/:id/distribution": "read",

  "GET /scouter/v2/evaluations/profiles": "read",
  "GET /scouter/v2/evaluations/pass-rate": "read",
  "GET /scouter/v2/evaluations/records": "read",
  "GET /scouter/v2/evaluations/records/:uid": "read",
  "GET /scouter/v2/evaluations/graph": "read",
  "GET /scouter/v2/evaluations/results": "read",
  "GET /scouter/v2/evaluations/judges": "read",
  "POST /scouter/v2/evaluations/again": "write",
  "POST /scouter/v2/evaluations/discard": "write",

  "GET /scouter/v2/alerts": "read",
  "GET /scouter/v2/alerts/:id": "read",
  "GET /scouter/v2/alerts/:id/explanation": "read",
  "POST /scouter/v2/alerts/test": "admin",
  "POST /scouter/alerts": "read",
  "PUT /scouter/alerts": "write",
  "GET /scouter/eval/scenarios": "read",
  "POST /scouter/v2/eval/runs": "write",
  "GET /scouter/v2/eval/runs": "read",
  "GET /scouter/v2/eval/runs/:id": "read",
  "GET /scouter/v2/eval/runs/:id/scenario": "read",
  "GET /scouter/v2/eval/runs/:id/report": "read",
  "POST /scouter/v2/eval/runs/:id/notify": "write",
  "GET /scouter/v2/eval/baselines": "read",
  "PUT /scouter/v2/eval/baselines": "write",

  "POST /scouter/trace/paginated": "read",
  "GET /scouter/trace/debug/recent": "read",
  "GET /scouter/v1/traces/:id/spans": "read",
  "GET /scouter/trace/spans": "read",
  "POST /scouter/trace/spans/filters": "read",
  "POST /scouter/trace/spans/tags": "read",
  "GET /scouter/trace/baggage": "read",
  "POST /scouter/trace/metrics": "read",
  "POST /scouter/genai/metrics/tokens": "read",
  "POST /scouter/genai/metrics/operations": "read",
  "POST /scouter/genai/metrics/models": "read",
  "POST /scouter/genai/metrics/agents": "read",
  "POST /scouter/genai/metrics/tools": "read",
  "POST /scouter/genai/metrics/errors": "read",
  "POST /scouter/genai/spans": "read",
  "GET /scouter/genai/conversation/:id": "read",
  "POST /scouter/genai/agent/metrics": "read",
  "POST /scouter/genai/tool/metrics": "read",
  "GET /scouter/service/graph": "read",
  "GET /scouter/v2/traces": "read",
  "GET /scouter/v2/traces/histogram": "read",
  "GET /scouter/v2/traces/facets": "read",
  "GET /scouter/v2/traces/services": "read",
  "GET /scouter/v2/traces/:trace_id": "read",
  "GET /scouter/v2/traces/:trace_id/spans/:span_id": "read",

  "GET /scouter/tags": "read",
  "POST /scouter/tags": "write",
  "POST /scouter/tags/entity": "read",

  "GET /scouter/v2/summary": "read",
  "GET /scouter/v2/overview": "read",

  "GET /scouter/v2/delivery/services": "read",
  "GET /scouter/v2/delivery/producers": "read",
  // A parked message may hold what was meant for any space.
  "GET /scouter/v2/delivery/parked": "admin",
  "GET /scouter/v2/delivery/parked/:id/payload": "admin",
  "GET /scouter/v2/delivery/span-dead-letters": "admin",
  "GET /scouter/v2/delivery/span-dead-letters/:id/payload": "admin",

  "POST /scouter/message": "write",
  "POST /scouter/drift": "write",
  "POST /v1/traces": "span-export",
  "POST /scouter/v1/traces": "span-export",
};

/** HEAD asks for what GET would send. */
export function accessOf(method: string, template: string): RouteAccess {
  const asked = method === "HEAD" ? "GET" : method;
  return routeAccess[`${asked} ${template}`] ?? "admin";
}
