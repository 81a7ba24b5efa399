import { dateTime } from "@scouter/contracts";
import type { GenAiGroup, GenAiGroupQuery } from "@scouter/lake";
import { priceTable } from "@scouter/models";
import { z } from "zod";
import { disconnectSignal } from "../../disconnect-signal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { agentDashboardJson, byTime } from "./agent-dashboard.ts";
import {
  agentJson,
  genAiSpanJson,
  modelJson,
  operationJson,
  tokenBucketJson,
  toolJson,
  toolPointJson,
} from "./genai-json.ts";
import {
  agentDashboardRequest,
  filterOf,
  metricsRequest,
  openRange,
  rangeOf,
  spanFilters,
  spanQueryOf,
  toolDashboardRequest,
} from "./genai-query.ts";
import { tokenCost } from "./token-cost.ts";

const tags = ["genai"];
const MAX_CONVERSATION_ID_BYTES = 256;
const MAX_CONVERSATION_SPANS = 1_000;

type MetricsRequest = z.output<typeof metricsRequest>;
/** What a metric asks of the lake, and how a group of the answer is shown. */
interface Metric {
  readonly name: string;
  readonly query: (body: MetricsRequest) => Omit<GenAiGroupQuery, "range">;
  readonly order: (left: GenAiGroup, right: GenAiGroup) => number;
  readonly show: (group: GenAiGroup) => object;
}

/** Which filters each of them honours is the wire's; the model is one of ours more, wherever it can be told. */
const metrics: Readonly<Record<"tokens" | "operations" | "models" | "tools" | "errors", Metric>> = {
  tokens: {
    name: "buckets",
    query: (body) => ({ by: [], bucket: body.bucket_interval, filter: everyFilter(body) }),
    order: byTime,
    show: tokenBucketJson,
  },
  operations: {
    name: "operations",
    query: (body) => ({ by: ["operation", "provider"], filter: everyFilter(body) }),
    order: byCount,
    show: operationJson,
  },
  models: {
    name: "models",
    query: (body) => ({ by: ["model", "provider"], filter: everyFilter(body) }),
    order: byCount,
    show: modelJson,
  },
  tools: {
    name: "tools",
    query: (body) => ({
      by: ["toolName", "toolType"],
      filter: filterOf({ service: body.service_name, only: "tools" }),
    }),
    order: byCount,
    show: toolJson,
  },
  errors: {
    name: "errors",
    query: (body) => ({
      by: ["errorType"],
      filter: { ...everyFilter(body), only: "errors" },
    }),
    order: byCount,
    show: ({ key, spanCount }) => ({ error_type: key.errorType, count: spanCount }),
  },
};

export function genAiRoutes(app: JsonRoutes, parts: ApiParts): void {
  metricRoutes(app, parts);
  dashboardRoutes(app, parts);
  spanRoutes(app, parts);
}

function metricRoutes(app: JsonRoutes, { lake }: ApiParts): void {
  for (const [path, { name, query, order, show }] of Object.entries(metrics)) {
    app.post(
      `/scouter/genai/metrics/${path}`,
      { schema: { tags, body: metricsRequest } },
      async ({ body }, reply) => {
        const signal = disconnectSignal(reply);
        const groups = await lake.genAiGroups({ range: rangeOf(body), ...query(body) }, { signal });
        return { [name]: groups.toSorted(order).map(show) };
      },
    );
  }
  app.post(
    "/scouter/genai/metrics/agents",
    {
      schema: {
        tags,
        body: metricsRequest,
        querystring: z.object({ agent_name: z.string().optional() }),
      },
    },
    async ({ body, query }, reply) => {
      const groups = await lake.genAiGroups(
        {
          range: rangeOf(body),
          by: ["agentName", "agentId", "conversationId"],
          filter: filterOf({
            service: body.service_name,
            agentName: query.agent_name,
            only: "agents",
          }),
        },
        { signal: disconnectSignal(reply) },
      );
      return { agents: groups.toSorted(byLastSeen).map(agentJson) };
    },
  );
}

function dashboardRoutes(app: JsonRoutes, { lake, config }: ApiParts): void {
  const priceOf = priceTable(config.evaluation.judge.prices);
  app.post(
    "/scouter/genai/agent/metrics",
    { schema: { tags, body: agentDashboardRequest } },
    async ({ body }, reply) => {
      const range = rangeOf(body);
      const filter = filterOf({
        service: body.service_name,
        agentName: body.agent_name,
        provider: body.provider_name,
        only: "agents",
      });
      const bucket = body.bucket_interval;
      const signal = disconnectSignal(reply);
      const ask = (query: Pick<GenAiGroupQuery, "by" | "bucket">) =>
        lake.genAiGroups({ range, filter, ...query }, { signal });
      const [buckets, byBucketAndModel, byModel, whole] = await Promise.all([
        ask({ by: [], bucket }),
        ask({ by: ["model", "provider"], bucket }),
        ask({ by: ["model", "provider"] }),
        ask({ by: [] }),
      ]);
      const costOf = tokenCost(body.model_pricing, priceOf);
      return agentDashboardJson({ buckets, byBucketAndModel, byModel, whole: whole[0], costOf });
    },
  );

  app.post(
    "/scouter/genai/tool/metrics",
    { schema: { tags, body: toolDashboardRequest } },
    async ({ body }, reply) => {
      const range = rangeOf(body);
      const filter = filterOf({ service: body.service_name, only: "tools" });
      const by = ["toolName", "toolType"] as const;
      const signal = disconnectSignal(reply);
      const [aggregates, series] = await Promise.all([
        lake.genAiGroups({ range, filter, by }, { signal }),
        lake.genAiGroups({ range, filter, by, bucket: body.bucket_interval }, { signal }),
      ]);
      return {
        aggregates: aggregates.toSorted(byCount).map(toolJson),
        time_series: series
          .toSorted((a, b) => byTime(a, b) || byText(a.key.toolName ?? "", b.key.toolName ?? ""))
          .map(toolPointJson),
      };
    },
  );
}

function spanRoutes(app: JsonRoutes, { lake }: ApiParts): void {
  app.post(
    "/scouter/genai/spans",
    { schema: { tags, body: spanFilters } },
    async ({ body }, reply) => {
      const query = spanQueryOf(body);
      if (query.limit === 0) return { spans: [] };
      const spans = await lake.genAiSpans(query, { signal: disconnectSignal(reply) });
      return { spans: spans.flatMap((span) => genAiSpanJson(span) ?? []) };
    },
  );

  app.get(
    "/scouter/genai/conversation/:id",
    {
      schema: {
        tags,
        params: z.object({
          id: z.string().refine((id) => Buffer.byteLength(id) <= MAX_CONVERSATION_ID_BYTES, {
            error: `longer than ${MAX_CONVERSATION_ID_BYTES} bytes`,
          }),
        }),
        querystring: z.object({
          start_time: dateTime.optional(),
          end_time: dateTime.optional(),
        }),
      },
    },
    async ({ params, query }, reply) => {
      const spans = await lake.genAiSpans(
        {
          range: openRange(query.start_time, query.end_time),
          filter: { conversationId: params.id },
          order: "oldest",
          limit: MAX_CONVERSATION_SPANS,
        },
        { signal: disconnectSignal(reply) },
      );
      return { spans: spans.flatMap((span) => genAiSpanJson(span) ?? []) };
    },
  );
}

function everyFilter(body: MetricsRequest) {
  return filterOf({
    service: body.service_name,
    operation: body.operation_name,
    provider: body.provider_name,
    model: body.model,
  });
}

function byCount(left: GenAiGroup, right: GenAiGroup): number {
  return (
    right.spanCount - left.spanCount || byText(JSON.stringify(left.key), JSON.stringify(right.key))
  );
}

function byLastSeen(left: GenAiGroup, right: GenAiGroup): number {
  if (left.lastStartNano !== right.lastStartNano) {
    return left.lastStartNano > right.lastStartNano ? -1 : 1;
  }
  return byText(JSON.stringify(left.key), JSON.stringify(right.key));
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
