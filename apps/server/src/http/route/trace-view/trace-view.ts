import {
  spanDetail,
  traceDetail,
  traceFacets,
  traceHistogram,
  traceOverviewPage,
  traceServiceList,
} from "@scouter/contracts";
import { isSpanId } from "@scouter/telemetry";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import { disconnectSignal } from "../../disconnect-signal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { checkedTraceId } from "../trace/trace-query.ts";
import { spanDetailJson } from "./span-detail-json.ts";
import {
  rangeJson,
  traceDetailJson,
  traceFacetsJson,
  traceHistogramJson,
  traceOverviewJson,
} from "./trace-view-json.ts";
import {
  cursorOf,
  cursorText,
  filterFields,
  filterOf,
  rangeFields,
  rangeOf,
} from "./trace-view-query.ts";

const tags = ["traces"];
const FACET_VALUES = 20;

const searchQuery = z.strictObject({
  ...filterFields,
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(200).optional(),
});
const histogramQuery = z.strictObject({
  ...filterFields,
  buckets: z.coerce.number().int().min(1).max(500).default(60),
});
const facetQuery = z.strictObject(filterFields);
const serviceQuery = z.strictObject(rangeFields);
const treeQuery = z.strictObject({
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(20_000).default(5_000),
});

/** `GET /scouter/v2/traces...`: traces as the dashboard and people ask for them. */
export function traceViewRoutes(app: JsonRoutes, parts: ApiParts): void {
  searchRoutes(app, parts);
  countRoutes(app, parts);
  detailRoutes(app, parts);
}

function searchRoutes(app: JsonRoutes, { lake, clock }: ApiParts): void {
  app.get(
    "/scouter/v2/traces",
    { schema: { tags, querystring: searchQuery, response: { 200: traceOverviewPage } } },
    async ({ query }, reply) => {
      const range = rangeOf(query, clock.now());
      const page = await lake.searchTraces(
        {
          range,
          filter: filterOf(query),
          limit: query.limit,
          ...(query.cursor === undefined ? {} : { cursor: cursorOf(query.cursor) }),
        },
        { signal: disconnectSignal(reply) },
      );
      const last = page.hasMore ? page.items.at(-1) : undefined;
      const next_cursor = last === undefined ? null : cursorText(last);
      return { items: page.items.map(traceOverviewJson), next_cursor, ...rangeJson(range) };
    },
  );
}

function countRoutes(app: JsonRoutes, { lake, clock }: ApiParts): void {
  app.get(
    "/scouter/v2/traces/histogram",
    { schema: { tags, querystring: histogramQuery, response: { 200: traceHistogram } } },
    async ({ query }, reply) => {
      const range = rangeOf(query, clock.now());
      const bucketNano = bucketWidth(range.toNano - range.fromNano, query.buckets);
      const question = { range, filter: filterOf(query), bucketNano };
      const buckets = await lake.traceHistogram(question, { signal: disconnectSignal(reply) });
      return traceHistogramJson(range, bucketNano, buckets);
    },
  );

  app.get(
    "/scouter/v2/traces/facets",
    { schema: { tags, querystring: facetQuery, response: { 200: traceFacets } } },
    async ({ query }, reply) => {
      const range = rangeOf(query, clock.now());
      const question = { range, filter: filterOf(query), limit: FACET_VALUES };
      const counts = await lake.traceFacets(question, { signal: disconnectSignal(reply) });
      return traceFacetsJson(range, counts);
    },
  );

  app.get(
    "/scouter/v2/traces/services",
    { schema: { tags, querystring: serviceQuery, response: { 200: traceServiceList } } },
    async ({ query }, reply) => {
      const range = rangeOf(query, clock.now());
      const found = await lake.traceServices(range, { signal: disconnectSignal(reply) });
      const services = found.map(({ name, traceCount, errorCount }) => ({
        name,
        trace_count: traceCount,
        error_count: errorCount,
      }));
      return { ...rangeJson(range), services };
    },
  );
}

/** Whole milliseconds, so that buckets begin at times that people can read. */
function bucketWidth(rangeNano: bigint, buckets: number): bigint {
  const millisecond = 1_000_000n;
  const step = BigInt(buckets) * millisecond;
  return ((rangeNano + step - 1n) / step) * millisecond;
}

function detailRoutes(app: JsonRoutes, { lake }: ApiParts): void {
  app.get(
    "/scouter/v2/traces/:trace_id",
    {
      schema: {
        tags,
        params: z.object({ trace_id: z.string() }),
        querystring: treeQuery,
        response: { 200: traceDetail },
      },
    },
    async ({ params, query }, reply) => {
      const traceId = checkedTraceId(params.trace_id);
      const signal = disconnectSignal(reply);
      const tree = await lake.traceTree({ traceId, ...query }, { signal });
      if (tree === undefined) throw errors.SERVER_TRACE_NOT_FOUND({ traceId });
      return traceDetailJson(tree, query.offset);
    },
  );

  app.get(
    "/scouter/v2/traces/:trace_id/spans/:span_id",
    {
      schema: {
        tags,
        params: z.object({ trace_id: z.string(), span_id: z.string() }),
        querystring: z.strictObject({}),
        response: { 200: spanDetail },
      },
    },
    async ({ params }, reply) => {
      const traceId = checkedTraceId(params.trace_id);
      const spanId = params.span_id.toLowerCase();
      if (!isSpanId(spanId)) {
        throw errors.SERVER_SPAN_ID_INVALID({ given: params.span_id.slice(0, 64) });
      }
      const signal = disconnectSignal(reply);
      const span = await lake.spanOf({ traceId, spanId }, { signal });
      if (span === undefined) throw errors.SERVER_SPAN_NOT_FOUND({ traceId, spanId });
      return spanDetailJson(span);
    },
  );
}
