import { z } from "zod";
import { API_VERSION, SERVER_VERSION } from "../../../version.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

const health = z.object({ alive: z.boolean(), version: z.string() });

const capabilities = z.object({
  api_version: z.string(),
  server_version: z.string(),
  features: z.record(z.string(), z.boolean()),
  endpoints: z.record(z.string(), z.string()),
  auth: z.object({
    auth_type: z.string(),
    login_endpoint: z.string(),
    refresh_endpoint: z.string(),
    token_header: z.string(),
  }),
  ingest: z.object({
    acknowledge: z.enum(["durable", "queued"]),
    durability: z.enum(["process", "power"]),
  }),
});

const endpoints = {
  profile_insert: "POST /scouter/profile",
  profile_list: "GET /scouter/v2/profiles",
  messages: "POST /scouter/message",
  spans: "POST /v1/traces",
  traces_paginated: "POST /scouter/trace/paginated",
  agent_records: "POST /scouter/agent/page/record",
  tags_list: "GET /scouter/tags",
  summary: "GET /scouter/v2/summary",
  openapi_spec: "GET /scouter/api/v1/openapi.json",
};

/** What this server is and can do. Open to everybody. */
export function healthRoutes(app: JsonRoutes, parts: ApiParts): void {
  app.get(
    "/scouter/healthcheck",
    { schema: { tags: ["server"], response: { 200: health } } },
    async () => ({ alive: true, version: SERVER_VERSION }),
  );
  app.get(
    "/scouter/api/v1/capabilities",
    { schema: { tags: ["server"], response: { 200: capabilities } } },
    async () => ({
      api_version: API_VERSION,
      server_version: SERVER_VERSION,
      features: {
        drift_detection: false,
        distributed_tracing: true,
        agent_evaluation: true,
        alerting: false,
        datasets: false,
      },
      endpoints,
      auth: {
        auth_type: "bearer",
        login_endpoint: "GET /scouter/auth/login",
        refresh_endpoint: "GET /scouter/auth/refresh",
        token_header: "Authorization: Bearer <token>",
      },
      ingest: {
        acknowledge: parts.config.ingest.acknowledge,
        durability: parts.database.capabilities.durability,
      },
    }),
  );
}
