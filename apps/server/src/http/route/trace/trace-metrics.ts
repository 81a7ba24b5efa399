import { dateTime } from "@scouter/contracts";
import type { TracePoint } from "@scouter/lake";
import { z } from "zod";
import { disconnectSignal } from "../../disconnect-signal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { bucketWidth } from "./bucket-width.ts";
import { attributeMatchesOf } from "./trace-query.ts";
import { rfc3339OfNanos, wireRange } from "./wire-time.ts";

const metricsRequest = z.object({
  service_name: z.string().nullish(),
  start_time: dateTime,
  end_time: dateTime,
  bucket_interval: bucketWidth,
  attribute_filters: z.array(z.string()).nullish(),
  entity_uid: z.string().nullish(),
});

const metricBucket = z.object({
  bucket_start: dateTime,
  trace_count: z.number().int(),
  avg_duration_ms: z.number(),
  p50_duration_ms: z.number().nullable(),
  p95_duration_ms: z.number().nullable(),
  p99_duration_ms: z.number().nullable(),
  error_rate: z.number(),
});

export function traceMetricsRoute(app: JsonRoutes, { lake }: ApiParts): void {
  app.post(
    "/scouter/trace/metrics",
    {
      schema: {
        tags: ["traces"],
        body: metricsRequest,
        response: { 200: z.object({ metrics: z.array(metricBucket) }) },
      },
    },
    async ({ body }, reply) => {
      const attributes = attributeMatchesOf(body.attribute_filters);
      const points = await lake.traceSeries(
        {
          range: wireRange(body.start_time, body.end_time),
          bucket: body.bucket_interval,
          ...(body.service_name == null ? {} : { rootService: body.service_name }),
          ...(body.entity_uid == null ? {} : { entityId: body.entity_uid.toLowerCase() }),
          ...(attributes === undefined ? {} : { attributes }),
        },
        { signal: disconnectSignal(reply) },
      );
      return { metrics: points.map(bucketJson) };
    },
  );
}

function bucketJson(point: TracePoint): z.output<typeof metricBucket> {
  return {
    bucket_start: rfc3339OfNanos(point.startNano),
    trace_count: point.traceCount,
    avg_duration_ms: point.averageDurationMs,
    p50_duration_ms: point.p50DurationMs,
    p95_duration_ms: point.p95DurationMs,
    p99_duration_ms: point.p99DurationMs,
    error_rate: point.errorCount / point.traceCount,
  };
}
