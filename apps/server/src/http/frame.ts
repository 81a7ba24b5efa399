import type { AddressInfo } from "node:net";
import type { Clock, ScouterError } from "@scouter/contracts";
import fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { errors } from "../errors.ts";
import type { Logger } from "../log/make-logger.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import { API_VERSION, API_VERSION_HEADER } from "../version.ts";
import { problemBody, retryAfterSeconds, statusOf, wireErrorBody } from "./error/error-reply.ts";
import { toScouterError } from "./error/to-scouter-error.ts";
import type { DashboardReply } from "./dashboard/dashboard-reply.ts";
import { RouteTable } from "./route-table.ts";

export interface FrameParts {
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  readonly clock: Clock;
  /** Filled with the routes as they are registered; a table of its own when absent. */
  readonly routes?: RouteTable;
  /** What answers at addresses that are no routes; none when absent. */
  readonly dashboard?: DashboardReply | undefined;
}

/** As many characters as a uid of 2,000 bytes may have when each is escaped. */
const MAX_PARAMETER_LENGTH = 6000;

/**
 * What every listener has in common: the version header on each reply, metrics, one log line a request (debug), and
 * our own bodies for errors, unknown routes and wrong methods. Routes are added by the caller.
 */
export function createFrame(parts: FrameParts): FastifyInstance {
  const app = fastify({
    loggerInstance: parts.logger,
    logController: new LogController({ disableRequestLogging: true }),
    // Bodies are read by our own parsers, which have the limits; the framework's must not be smaller.
    bodyLimit: Number.MAX_SAFE_INTEGER,
    // Uids of records are chosen by their senders and stand in paths; the framework's limit is 100.
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    frameworkErrors: (error, request, reply) => {
      void reply.header(API_VERSION_HEADER, API_VERSION);
      sendError(error, request, reply);
    },
  }) as unknown as FastifyInstance;
  app.removeAllContentTypeParsers();
  const { routes = new RouteTable() } = parts;
  app.addHook("onRoute", (route) => routes.add(route.method, route.url));
  // Before the guard, which the caller adds: a route that does not exist asks nobody for a token.
  app.addHook("onRequest", async (request, reply) => {
    void reply.header(API_VERSION_HEADER, API_VERSION);
    if (!request.is404) return;
    if (parts.dashboard?.(request, reply) === true) return reply;
    throw unknownRoute(routes, request, reply);
  });
  let closing = false;
  app.addHook("preClose", async () => void (closing = true));
  // A connection kept alive after the last reply would hold up the stop until its client lets go.
  app.addHook("onSend", async (_request, reply) => {
    if (closing) void reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => observe(parts, request, reply));
  app.setErrorHandler(sendError);
  return app;
}

function unknownRoute(
  routes: RouteTable,
  request: FastifyRequest,
  reply: FastifyReply,
): ScouterError {
  const { method } = request;
  const path = pathOf(request);
  const allowed = routes.methodsOf(path);
  if (allowed.length === 0) {
    const signal = /^(?:\/scouter)?\/v1\/(logs|metrics)$/.exec(path)?.[1];
    return signal === undefined
      ? errors.SERVER_ROUTE_UNKNOWN({ method, path })
      : errors.SERVER_SIGNAL_NOT_TAKEN({ signal });
  }
  void reply.header("allow", allowed.join(", "));
  return errors.SERVER_METHOD_NOT_ALLOWED({ method, path, allowed: allowed.join(", ") });
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0] ?? "";
}

function observe(parts: FrameParts, request: FastifyRequest, reply: FastifyReply): void {
  const path = request.routeOptions.url ?? "unknown";
  const status = String(reply.statusCode);
  const tookMs = reply.elapsedTime;
  parts.metrics.requestAnswered({ method: request.method, path, status }, tookMs / 1000);
  request.log.debug(
    { method: request.method, path, status, tookMs: Math.round(tookMs) },
    "request",
  );
}

/** Answers with the body that the route's family has: problem details for ours, the wire's shape for the others. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = prepareErrorReply(error, request, reply);
  if (request.url.startsWith("/scouter/v2/")) {
    void reply.type("application/problem+json").send(JSON.stringify(problemBody(problem)));
  } else {
    void reply.type("application/json").send(JSON.stringify(wireErrorBody(problem)));
  }
}

/** Status and headers of an error reply, and the log line when the fault is ours. */
export function prepareErrorReply(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): ScouterError {
  const problem = toScouterError(error, request.headers["content-type"] ?? "");
  if (problem.kind === "internal") {
    request.log.error({ err: problem.cause ?? problem, code: problem.code }, "request failed");
  }
  const seconds = retryAfterSeconds(problem);
  if (seconds !== undefined) void reply.header("retry-after", String(seconds));
  void reply.code(statusOf(problem));
  return problem;
}

/** `undefined` while it is not listening. */
export function portOf(app: FastifyInstance): number | undefined {
  const address = app.server.address() as AddressInfo | null;
  return address?.port;
}
