import type { GenAiGroup } from "@scouter/lake";
import { bucketStart, errorRate } from "./genai-json.ts";
import { type CostOf, modelOf } from "./token-cost.ts";

export interface AgentDashboardParts {
  /** By bucket: exact percentiles over all models. */
  readonly buckets: readonly GenAiGroup[];
  readonly byBucketAndModel: readonly GenAiGroup[];
  readonly byModel: readonly GenAiGroup[];
  /** Over everything; undefined when there is nothing. */
  readonly whole: GenAiGroup | undefined;
  readonly costOf: CostOf;
}

/** What no price is known for costs null, not nothing. */
export function agentDashboardJson(parts: AgentDashboardParts) {
  const { buckets, byBucketAndModel, byModel, whole, costOf } = parts;
  const modelsOf = Map.groupBy(byBucketAndModel, ({ bucketStartNano }) => bucketStartNano);
  return {
    summary: {
      total_requests: whole?.spanCount ?? 0,
      avg_duration_ms: whole?.averageDurationMs ?? 0,
      ...percentiles(whole),
      overall_error_rate: whole === undefined ? 0 : errorRate(whole),
      ...tokens(whole),
      unique_agent_count: whole?.agents ?? 0,
      unique_conversation_count: whole?.conversations ?? 0,
      cost_by_model: byModel
        .map((group) => ({
          model: modelOf(group),
          ...tokens(group),
          total_cost: costOf(group),
        }))
        .toSorted((a, b) => (a.model < b.model ? -1 : a.model > b.model ? 1 : 0)),
    },
    buckets: buckets.toSorted(byTime).map((group) => ({
      bucket_start: bucketStart(group),
      span_count: group.spanCount,
      error_count: group.errorCount,
      error_rate: errorRate(group),
      avg_duration_ms: group.averageDurationMs,
      ...percentiles(group),
      ...tokens(group),
      total_cost: sumOf((modelsOf.get(group.bucketStartNano) ?? []).map((model) => costOf(model))),
    })),
  };
}

export function byTime(left: GenAiGroup, right: GenAiGroup): number {
  const [a, b] = [left.bucketStartNano ?? 0n, right.bucketStartNano ?? 0n];
  return a < b ? -1 : a > b ? 1 : 0;
}

function percentiles(group: GenAiGroup | undefined) {
  return {
    p50_duration_ms: group?.p50DurationMs ?? null,
    p95_duration_ms: group?.p95DurationMs ?? null,
    p99_duration_ms: group?.p99DurationMs ?? null,
  };
}

function tokens(group: GenAiGroup | undefined) {
  return {
    total_input_tokens: group?.inputTokens ?? 0,
    total_output_tokens: group?.outputTokens ?? 0,
    total_cache_creation_tokens: group?.cacheWriteTokens ?? 0,
    total_cache_read_tokens: group?.cacheReadTokens ?? 0,
  };
}

function sumOf(costs: readonly (number | null)[]): number | null {
  const known = costs.filter((cost) => cost !== null);
  return known.length === 0 ? null : known.reduce((sum, cost) => sum + cost, 0);
}
