import type { FastifyInstance } from "fastify";
import { createFrame, type FrameParts } from "./frame.ts";

/** Resolves when the server can take and store data; rejects with the reason otherwise. */
export type ReadinessCheck = () => Promise<void>;

/** What operators ask: `/metrics` (Prometheus), `/healthz` (the process answers), `/readyz` (it can do its work). */
export async function createMetricsApp(
  parts: FrameParts & { readonly checkReadiness: ReadinessCheck },
): Promise<FastifyInstance> {
  const app = createFrame(parts);
  const { registry } = parts.metrics;
  app.get("/metrics", async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  app.get("/healthz", async () => ({ alive: true }));
  app.get("/readyz", async () => {
    await parts.checkReadiness();
    return { ready: true };
  });
  await app.ready();
  return app;
}
