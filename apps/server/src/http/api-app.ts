import type { FastifyInstance } from "fastify";
import { createFrame } from "./frame.ts";
import { guardRoutes } from "./guard/guard.ts";
import { jsonRoutes } from "./json-routes.ts";
import { describeRoutes } from "./openapi/openapi.ts";
import type { ApiParts } from "./parts.ts";
import { agentRoutes } from "./route/agent/agent.ts";
import { alertListRoutes } from "./route/alert/alert-list.ts";
import { alertTestRoutes } from "./route/alert/alert-test-fire.ts";
import { alertRoutes } from "./route/alert/alert.ts";
import { deliveryRoutes } from "./route/delivery/delivery.ts";
import { driftBoardRoutes } from "./route/drift-board/drift-board.ts";
import { driftWindowRoutes } from "./route/drift-window/drift-window.ts";
import { driftRoutes } from "./route/drift/drift.ts";
import { authRoutes } from "./route/auth/auth.ts";
import { evalScenarioRoutes } from "./route/eval-scenario/eval-scenario.ts";
import { evaluationRoutes } from "./route/evaluation/evaluation.ts";
import { healthRoutes } from "./route/health/health.ts";
import { messageRoutes } from "./route/message/message.ts";
import { overviewRoutes } from "./route/overview/overview.ts";
import { profileRoutes } from "./route/profile/profile.ts";
import { signInRoutes } from "./route/sign-in/sign-in.ts";
import { spanExportRoute } from "./route/span-export/span-export.ts";
import { summaryRoutes } from "./route/summary/summary.ts";
import { tagRoutes } from "./route/tag/tag.ts";
import { traceRoutes } from "./route/trace/trace.ts";
import { traceViewRoutes } from "./route/trace-view/trace-view.ts";
import { userRoutes } from "./route/user/user.ts";

/** The HTTP API, ready to listen. */
export async function createApiApp(parts: ApiParts): Promise<FastifyInstance> {
  const app = createFrame(parts);
  guardRoutes(app, { authenticator: parts.authenticator, auth: parts.config.auth });
  await describeRoutes(app);
  await app.register(async (own) => {
    const routes = jsonRoutes(own, parts.config.http);
    healthRoutes(routes, parts);
    authRoutes(routes, parts);
    signInRoutes(routes, parts);
    userRoutes(routes, parts);
    profileRoutes(routes, parts);
    agentRoutes(routes, parts);
    driftRoutes(routes, parts);
    evalScenarioRoutes(routes, parts);
    traceRoutes(routes, parts);
    traceViewRoutes(routes, parts);
    tagRoutes(routes, parts);
    summaryRoutes(routes, parts);
    alertRoutes(routes, parts);
    driftWindowRoutes(routes, parts);
    overviewRoutes(routes, parts);
    evaluationRoutes(routes, parts);
    driftBoardRoutes(routes, parts);
    deliveryRoutes(routes, parts);
    alertListRoutes(routes, parts);
    alertTestRoutes(routes, parts);
  });
  messageRoutes(app, parts);
  const limits = parts.config.http;
  const { ingest } = parts;
  spanExportRoute(app, { url: "/v1/traces", ingest, limits });
  // Clients of the reference server's stub look for this field.
  const extraReply = { received: true };
  spanExportRoute(app, { url: "/scouter/v1/traces", ingest, limits, extraReply });
  await app.ready();
  return app;
}
