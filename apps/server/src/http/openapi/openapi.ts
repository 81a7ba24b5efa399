import swagger from "@fastify/swagger";
import {
  agentEvalWorkflowResult,
  evalRecord,
  evalTaskResult,
  profileSummary,
  serverRecord,
  tagRecord,
} from "@scouter/contracts";
import type { FastifyInstance } from "fastify";
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from "fastify-type-provider-zod";
import { z } from "zod";
import { API_VERSION } from "../../version.ts";
import { accessOf } from "../guard/route-access.ts";

const DESCRIPTION = [
  "Watches models and agents in production.",
  "Log in with GET /scouter/auth/login; a token that has expired is renewed by the header Authorization of a reply.",
  "Errors of /scouter/v2 are problem details (RFC 9457), all others the object WireError.",
].join(" ");

const wireError = z.object({
  error: z.string(),
  message: z.string().optional(),
  code: z.string(),
  suggested_action: z.string().optional(),
  retry: z.boolean(),
  reason: z.string(),
});

/** Describes the routes registered after it at `GET /scouter/api/v1/openapi.json` (OpenAPI 3.1). */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  const options = {
    schemaRegistry: componentNames(),
    // Where a field holds any JSON there is nothing to describe.
    zodToJsonConfig: { unrepresentable: "any" as const },
  };
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Scouter API", version: API_VERSION, description: DESCRIPTION },
      components: {
        securitySchemes: {
          bearer_token: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        },
      },
    },
    transform: (input) => {
      const { schema, url } = createJsonSchemaTransform(options)(input);
      const method = [input.route.method].flat()[0] ?? "GET";
      if (accessOf(method, input.route.url) === "public") return { schema, url };
      return { schema: { ...schema, security: [{ bearer_token: [] }] }, url };
    },
    transformObject: createJsonSchemaTransformObject(options),
  });
  app.get("/scouter/api/v1/openapi.json", { schema: { hide: true } }, async () => app.swagger());
}

function componentNames() {
  const names = z.registry<{ id: string }>();
  names.add(evalRecord, { id: "EvalRecord" });
  names.add(serverRecord, { id: "ServerRecord" });
  names.add(evalTaskResult, { id: "EvalTaskResult" });
  names.add(agentEvalWorkflowResult, { id: "AgentEvalWorkflowResult" });
  names.add(tagRecord, { id: "TagRecord" });
  names.add(profileSummary, { id: "ProfileSummary" });
  names.add(wireError, { id: "WireError" });
  return names;
}
