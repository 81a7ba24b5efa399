import { dateTime } from "@scouter/contracts";
import type { GenAiFilter, GenAiSpanQuery, TimeRange } from "@scouter/lake";
import { z } from "zod";
import { bucketWidth } from "../trace/bucket-width.ts";
import { nanosOfRfc3339, wireRange } from "../trace/wire-time.ts";

const interval = bucketWidth.prefault("hour");

export const metricsRequest = z.object({
  service_name: z.string().nullish(),
  start_time: dateTime,
  end_time: dateTime,
  bucket_interval: interval,
  operation_name: z.string().nullish(),
  provider_name: z.string().nullish(),
  model: z.string().nullish(),
});

const price = z.number().nonnegative();

export const agentDashboardRequest = z.object({
  service_name: z.string().nullish(),
  start_time: dateTime,
  end_time: dateTime,
  bucket_interval: interval,
  agent_name: z.string().nullish(),
  provider_name: z.string().nullish(),
  model_pricing: z
    .record(
      z.string(),
      z.object({
        input_per_million: price,
        output_per_million: price,
        cache_creation_per_million: price,
        cache_read_per_million: price,
      }),
    )
    .prefault({}),
});
export type ModelPricing = z.output<typeof agentDashboardRequest>["model_pricing"];

export const toolDashboardRequest = z.object({
  service_name: z.string().nullish(),
  start_time: dateTime,
  end_time: dateTime,
  bucket_interval: interval,
});

export const MAX_SPANS = 10_000;
const DEFAULT_SPANS = 100;

export const spanFilters = z.object({
  service_name: z.string().nullish(),
  start_time: dateTime.nullish(),
  end_time: dateTime.nullish(),
  operation_name: z.string().nullish(),
  provider_name: z.string().nullish(),
  model: z.string().nullish(),
  conversation_id: z.string().nullish(),
  agent_name: z.string().nullish(),
  tool_name: z.string().nullish(),
  error_type: z.string().nullish(),
  limit: z.number().int().nonnegative().nullish(),
});

export function rangeOf(body: { readonly start_time: string; readonly end_time: string }) {
  return wireRange(body.start_time, body.end_time);
}

const LATEST = 2n ** 63n - 1n;

export function openRange(
  from: string | null | undefined,
  to: string | null | undefined,
): TimeRange {
  const fromNano = nanosOfRfc3339(from ?? "") ?? 0n;
  const toNano = nanosOfRfc3339(to ?? "") ?? LATEST;
  return { fromNano, toNano: toNano < fromNano ? fromNano : toNano };
}

/** Fields that are absent, null or empty ask nothing. */
export function filterOf(
  fields: Readonly<Partial<Record<keyof GenAiFilter, string | null | undefined>>>,
): GenAiFilter {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as GenAiFilter;
}

export function spanQueryOf(filters: z.output<typeof spanFilters>): GenAiSpanQuery {
  return {
    range: openRange(filters.start_time, filters.end_time),
    filter: filterOf({
      service: filters.service_name,
      operation: filters.operation_name,
      provider: filters.provider_name,
      model: filters.model,
      conversationId: filters.conversation_id,
      agentName: filters.agent_name,
      toolName: filters.tool_name,
      errorType: filters.error_type,
    }),
    order: "newest",
    limit: Math.min(filters.limit ?? DEFAULT_SPANS, MAX_SPANS),
  };
}
