import { dateTime, psiProfile, type DriftType } from "@scouter/contracts";
import type { ChartPoint, ChartRange, RegisteredProfile } from "@scouter/database";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import { requireOnEntity } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { chartQuery, chartRange, type ChartQuery } from "./chart-query.ts";
import { psiCharts } from "./psi-chart.ts";
import { averages, binnedMetrics } from "./value-chart.ts";

const times = z.array(dateTime);
/** Values (for the index: rows) of each bucket; the reference server does not tell. */
const counts = z.array(z.number().int());
const featureValues = z.object({
  features: z.record(
    z.string(),
    z.object({ created_at: times, values: z.array(z.number()), counts }),
  ),
});
const psiFeatures = z.object({
  features: z.record(
    z.string(),
    z.object({
      created_at: times.readonly(),
      psi: z.array(z.number()).readonly(),
      counts: counts.readonly(),
      overall_psi: z.number(),
      bins: z.record(z.string(), z.number()),
    }),
  ),
});
const metricStats = z.object({
  avg: z.number(),
  lower_bound: z.number(),
  upper_bound: z.number(),
});
const binnedMetricsReply = z.object({
  metrics: z.record(
    z.string(),
    z.object({ metric: z.string(), created_at: times, stats: z.array(metricStats), counts }),
  ),
});

const tags = ["drift"];

/** Observations over time: `GET /scouter/drift/...`, every series newest first. */
export function driftRoutes(app: JsonRoutes, parts: ApiParts): void {
  const { charts, evaluatedCharts } = parts;
  const range = (query: ChartQuery) => chartRange(query, parts.clock.now());

  app.get(
    "/scouter/drift/spc",
    { schema: { tags, querystring: chartQuery, response: { 200: featureValues } } },
    async (request) => {
      const { query } = request;
      const within = range(query);
      await profileOf(parts, request, "Spc");
      return { features: averages(await charts.spc(query.uid, within)) };
    },
  );

  app.get(
    "/scouter/drift/psi",
    { schema: { tags, querystring: chartQuery, response: { 200: psiFeatures } } },
    async (request) => {
      const { query } = request;
      const within = range(query);
      const { profile } = await profileOf(parts, request, "Psi");
      const points = await charts.psi(query.uid, within);
      return { features: { ...psiCharts(psiProfile.parse(profile), points) } };
    },
  );

  const custom: MetricChart = (uid, within) => charts.custom(uid, within);
  const tasks: MetricChart = (uid, within) => evaluatedCharts.agentTask(uid, within);
  const workflows: MetricChart = (uid, within) => evaluatedCharts.agentWorkflow(uid, within);
  const metricCharts = [
    ["/scouter/drift/custom", "Custom", custom],
    ["/scouter/drift/agent/task", "Agent", tasks],
    ["/scouter/drift/agent/workflow", "Agent", workflows],
    // As the Python client up to 0.25 asks.
    ["/scouter/drift/genai/task", "Agent", tasks],
    ["/scouter/drift/genai/workflow", "Agent", workflows],
  ] as const;
  for (const [url, driftType, chart] of metricCharts) {
    app.get(
      url,
      { schema: { tags, querystring: chartQuery, response: { 200: binnedMetricsReply } } },
      async (request) => {
        const { query } = request;
        const within = range(query);
        await profileOf(parts, request, driftType);
        return { metrics: binnedMetrics(await chart(query.uid, within)) };
      },
    );
  }
}

type MetricChart = (uid: string, within: ChartRange) => Promise<readonly ChartPoint[]>;

/** @throws `SERVER_PROFILE_NOT_FOUND`, also when it is of another type */
async function profileOf(
  { database, profileSpaces }: ApiParts,
  request: FastifyRequest<{ Querystring: ChartQuery }>,
  driftType: DriftType,
): Promise<RegisteredProfile> {
  const { uid } = request.query;
  await requireOnEntity(request, "read", () => profileSpaces.ofAll([uid]));
  const profile = await database.profiles.byUid(uid);
  if (profile?.driftType === driftType) return profile;
  throw errors.SERVER_PROFILE_NOT_FOUND({ which: `${driftType} with uid '${uid}'` });
}
