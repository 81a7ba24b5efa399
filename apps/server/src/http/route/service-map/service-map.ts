import { dateTime } from "@scouter/contracts";
import type { ServiceEdge } from "@scouter/lake";
import { z } from "zod";
import { disconnectSignal } from "../../disconnect-signal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { nanosOfRfc3339 } from "../trace/wire-time.ts";

const MAX_EDGES = 10_000;
const DAY_NANO = 86_400_000_000_000n;
const MS_NANO = 1_000_000n;

const graphQuery = z.object({
  service_name: z
    .string()
    .regex(/^[\p{L}\p{N}_.-]+$/u, {
      error: "expected letters, digits, '_', '-' and '.', at least one",
    })
    .optional(),
  since: dateTime.optional(),
});

const edge = z.object({
  source_service: z.string(),
  destination_service: z.string(),
  endpoint: z.string(),
  total_calls: z.number().int(),
  first_seen: z.string(),
  last_seen: z.string(),
  avg_latency_ms: z.number(),
  error_count: z.number().int(),
  error_rate_pct: z.number(),
});

/** Which service calls which, from pairs of client and server spans; of the last 24 hours unless `since` says otherwise. */
export function serviceMapRoutes(app: JsonRoutes, { lake, clock }: ApiParts): void {
  app.get(
    "/scouter/service/graph",
    {
      schema: {
        tags: ["traces"],
        querystring: graphQuery,
        response: { 200: z.object({ edges: z.array(edge), generated_at: dateTime }) },
      },
    },
    async ({ query }, reply) => {
      const nowNano = BigInt(Math.round(clock.now())) * MS_NANO;
      const fromNano = nanosOfRfc3339(query.since ?? "") ?? nowNano - DAY_NANO;
      const edges = await lake.serviceEdges(
        {
          // Clocks of the services may be ahead of this one.
          range: { fromNano, toNano: nowNano + DAY_NANO },
          ...(query.service_name === undefined ? {} : { destination: query.service_name }),
          limit: MAX_EDGES,
        },
        { signal: disconnectSignal(reply) },
      );
      return { edges: edges.map(edgeJson), generated_at: new Date(clock.now()).toISOString() };
    },
  );
}

function edgeJson(found: ServiceEdge): z.output<typeof edge> {
  return {
    source_service: found.source,
    destination_service: found.destination,
    endpoint: found.endpoint,
    total_calls: found.calls,
    first_seen: offsetTime(found.firstSeenNano),
    last_seen: offsetTime(found.lastSeenNano),
    avg_latency_ms: found.averageLatencyMs,
    error_count: found.errors,
    error_rate_pct: Math.round((found.errors * 10_000) / found.calls) / 100,
  };
}

/** With `+00:00`, as the wire has these two. */
function offsetTime(nanos: bigint): string {
  return new Date(Number(nanos / MS_NANO)).toISOString().replace("Z", "+00:00");
}
