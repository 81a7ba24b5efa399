import type { TraceQuery } from "@scouter/lake";
import type { SpanRow } from "@scouter/telemetry";
import { z } from "zod";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { spanList, tracePage, tracePageJson, traceSpansJson } from "./trace-json.ts";
import { checkedTraceId, traceFilters, traceQueryOf } from "./trace-query.ts";
import { wholeTrace } from "./whole-trace.ts";
import { traceMetricsRoute } from "./trace-metrics.ts";
import { traceTagRoutes } from "./trace-tags.ts";
import { nanosOfRfc3339 } from "./wire-time.ts";

const spansQuery = z.object({
  trace_id: z.string(),
  service_name: z.string().optional(),
  start_time: z.string().optional(),
  end_time: z.string().optional(),
});

const DAY_MS = 86_400_000;
const RECENT_LIMIT = 10;
const tags = ["traces"];

export function traceRoutes(app: JsonRoutes, parts: ApiParts): void {
  listRoutes(app, parts);
  spanRoutes(app, parts);
  traceMetricsRoute(app, parts);
  traceTagRoutes(app, parts);
}

function listRoutes(app: JsonRoutes, { lake, clock }: ApiParts): void {
  app.post(
    "/scouter/trace/paginated",
    { schema: { tags, body: traceFilters, response: { 200: tracePage } } },
    async ({ body }) => {
      const query = traceQueryOf(body);
      // No trace has an id that is not one; an empty list of ids must not mean "all".
      const list =
        query.traceIds?.length === 0 ? { items: [], hasMore: false } : await lake.listTraces(query);
      return tracePageJson(query, list);
    },
  );

  app.get(
    "/scouter/trace/debug/recent",
    { schema: { tags, response: { 200: tracePage } } },
    async () => {
      const startTimeFrom = clock.now() - DAY_MS;
      const query: TraceQuery = { startTimeFrom, limit: RECENT_LIMIT, direction: "next" };
      return tracePageJson(query, await lake.listTraces(query));
    },
  );
}

function spanRoutes(app: JsonRoutes, { lake }: ApiParts): void {
  app.get(
    "/scouter/v1/traces/:id/spans",
    {
      schema: { tags, params: z.object({ id: z.string() }), response: { 200: spanList } },
    },
    async ({ params }, reply) => ({
      spans: traceSpansJson(await wholeTrace(lake, checkedTraceId(params.id), reply)),
    }),
  );

  app.get(
    "/scouter/trace/spans",
    { schema: { tags, querystring: spansQuery, response: { 200: spanList } } },
    async ({ query }, reply) => {
      const spans = await wholeTrace(lake, checkedTraceId(query.trace_id), reply);
      return { spans: traceSpansJson(spans.filter(matcherOf(query))) };
    },
  );

  app.post(
    "/scouter/trace/spans/filters",
    { schema: { tags, body: traceFilters, response: { 200: spanList } } },
    async ({ body }, reply) => {
      // The newest trace that matches; paging and ids have no meaning for a single one.
      const { cursor: _cursor, traceIds: _traceIds, ...filters } = traceQueryOf(body);
      const { items } = await lake.listTraces({ ...filters, limit: 1, direction: "next" });
      const newest = items[0];
      return {
        spans:
          newest === undefined ? [] : traceSpansJson(await wholeTrace(lake, newest.traceId, reply)),
      };
    },
  );
}

/** Times that cannot be read are ignored, as the wire has it. */
function matcherOf(query: z.output<typeof spansQuery>): (span: SpanRow) => boolean {
  const from = nanosOfRfc3339(query.start_time ?? "");
  const to = nanosOfRfc3339(query.end_time ?? "");
  const service = query.service_name;
  return (span) =>
    (service === undefined || span.serviceName === service) &&
    (from === undefined || span.startTimeUnixNano >= from) &&
    (to === undefined || span.startTimeUnixNano < to);
}
