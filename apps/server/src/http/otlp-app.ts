import type { FastifyInstance } from "fastify";
import type { Ingest } from "../ingest/ingest.ts";
import type { HttpConfig } from "../config/config.ts";
import { createFrame, type FrameParts } from "./frame.ts";
import { guardRoutes, type GuardParts } from "./guard/guard.ts";
import { spanExportRoute } from "./route/span-export/span-export.ts";

/** OTLP over HTTP at the port and path that every exporter uses unless told otherwise. */
export async function createOtlpApp(
  parts: FrameParts & GuardParts & { readonly ingest: Ingest; readonly limits: HttpConfig },
): Promise<FastifyInstance> {
  const app = createFrame(parts);
  guardRoutes(app, parts);
  spanExportRoute(app, { url: "/v1/traces", ingest: parts.ingest, limits: parts.limits });
  await app.ready();
  return app;
}
