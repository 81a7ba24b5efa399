import type { SpanRow } from "@scouter/telemetry";
import type { QueryOptions, TimeRange } from "../traces/trace-queries.ts";

/**
 * Questions about GenAI spans: those that follow a convention and say what they do. Repeats of a span count once. Tokens
 * count once a call: those of a wrapper are left out when a model call of its trace in the range reports any, those of a
 * call when a call below it does.
 */
export interface GenAiQueries {
  /** One group for each combination of what it is grouped by, in no order; one group without any. */
  genAiGroups(query: GenAiGroupQuery, options?: QueryOptions): Promise<readonly GenAiGroup[]>;
  /** In full, by start then span id. */
  genAiSpans(query: GenAiSpanQuery, options?: QueryOptions): Promise<readonly SpanRow[]>;
}

/** All given parts must hold for one span. */
export interface GenAiFilter {
  readonly service?: string;
  readonly operation?: string;
  readonly provider?: string;
  /** Asked for, or answered. */
  readonly model?: string;
  readonly conversationId?: string;
  readonly agentName?: string;
  readonly toolName?: string;
  readonly errorType?: string;
  /** `agents`: invokes or creates an agent, or names one. `tools`: executes a tool, or names one. */
  readonly only?: "agents" | "tools" | "errors";
}

export const genAiDimensions = [
  "operation",
  "provider",
  /** The one that answered, else the one that was asked. */
  "model",
  "agentName",
  "agentId",
  "conversationId",
  "toolName",
  "toolType",
  "errorType",
] as const;
export type GenAiDimension = (typeof genAiDimensions)[number];

export interface GenAiGroupQuery {
  readonly range: TimeRange;
  readonly filter: GenAiFilter;
  readonly by: readonly GenAiDimension[];
  /** Also by time. */
  readonly bucket?: BucketWidth;
}

export const bucketUnits = ["second", "minute", "hour", "day", "week", "month", "year"] as const;
export type BucketUnit = (typeof bucketUnits)[number];

/** Buckets begin at whole multiples, UTC; weeks on Mondays. */
export interface BucketWidth {
  readonly unit: BucketUnit;
  /** From 1. */
  readonly count: number;
}

export interface GenAiGroup {
  /** Of the dimensions asked for; null where the span says nothing. */
  readonly key: Readonly<Partial<Record<GenAiDimension, string | null>>>;
  /** Null without buckets. */
  readonly bucketStartNano: bigint | null;
  readonly spanCount: number;
  /** Spans with an `error.type`. */
  readonly errorCount: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Milliseconds; percentiles exact, linear between neighbours. */
  readonly averageDurationMs: number;
  readonly p50DurationMs: number;
  readonly p95DurationMs: number;
  readonly p99DurationMs: number;
  readonly lastStartNano: bigint;
  /** Different ones. */
  readonly agents: number;
  readonly conversations: number;
}

export interface GenAiSpanQuery {
  readonly range: TimeRange;
  readonly filter: GenAiFilter;
  readonly order: "newest" | "oldest";
  /** 1 to 10,000. */
  readonly limit: number;
}
