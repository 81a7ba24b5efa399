import { dateTime } from "@scouter/contracts";
import { z } from "zod";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { spanList, traceSpansJson } from "./trace-json.ts";
import { checkedTraceId } from "./trace-query.ts";
import { wholeTrace } from "./whole-trace.ts";

const tags = ["traces"];
/** Traces read for one reply: tags of a busy key could name every trace there is. */
const MAX_TRACES = 100;

const spansFromTags = z.object({
  entity_type: z.string(),
  tag_filters: z.array(z.object({ key: z.string(), value: z.string() })),
  match_all: z.boolean(),
  service_name: z.string().nullish(),
  /** Traces of a page at most. */
  limit: z.int().min(1).max(MAX_TRACES).nullish(),
  /** `next_cursor` of the page before. */
  cursor: z.string().nullish(),
});

const spanPage = spanList.extend({
  /** Of the next page; null when all traces with these tags were told. */
  next_cursor: z.string().nullable(),
});

const baggageRecord = z.object({
  created_at: dateTime,
  trace_id: z.string(),
  scope: z.string(),
  key: z.string(),
  value: z.string(),
});

/** What was said about traces beside their spans: tags and baggage. */
export function traceTagRoutes(app: JsonRoutes, { lake, database }: ApiParts): void {
  app.post(
    "/scouter/trace/spans/tags",
    { schema: { tags, body: spansFromTags, response: { 200: spanPage } } },
    async ({ body }, reply) => {
      const limit = body.limit ?? MAX_TRACES;
      const found = await database.tags.entityIdsByTags({
        entityType: body.entity_type,
        tags: body.tag_filters,
        matchAll: body.match_all,
        after: body.cursor ?? undefined,
        limit: limit + 1,
      });
      const ids = found.slice(0, limit);
      const spans = [];
      // An entity that is no trace has no spans.
      for (const id of ids.filter(isTraceId)) {
        const trace = await wholeTrace(lake, id.toLowerCase(), reply);
        spans.push(
          ...trace.filter(
            (span) => body.service_name == null || span.serviceName === body.service_name,
          ),
        );
      }
      const nextCursor = found.length > limit ? (ids.at(-1) ?? null) : null;
      return { spans: traceSpansJson(spans), next_cursor: nextCursor };
    },
  );

  app.get(
    "/scouter/trace/baggage",
    {
      schema: {
        tags,
        querystring: z.object({ trace_id: z.string() }),
        response: { 200: z.object({ baggage: z.array(baggageRecord) }) },
      },
    },
    async ({ query }) => {
      const found = await database.traceBaggage.of(checkedTraceId(query.trace_id));
      return {
        baggage: found.map(({ traceId, scope, key, value, createdAt }) => ({
          created_at: createdAt,
          trace_id: traceId,
          scope,
          key,
          value,
        })),
      };
    },
  );
}

function isTraceId(id: string): boolean {
  return /^[0-9a-f]{32}$/i.test(id);
}
