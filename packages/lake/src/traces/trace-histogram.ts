import type { DuckDBConnection } from "@duckdb/node-api";
import type { ReadView } from "../reader/read-view.ts";
import { isOfTrace, mergedFragmentsSql } from "./merged-fragments.ts";
import { mergedTracesSql } from "./merged-traces.ts";
import { Parameters } from "./span-condition.ts";
import type { HistogramQuery, TraceBucket } from "./trace-queries.ts";

export async function traceHistogram(
  connection: DuckDBConnection,
  view: ReadView,
  { range, filter, bucketNano }: HistogramQuery,
): Promise<readonly TraceBucket[]> {
  const parameters = new Parameters();
  const merged = isOfTrace(filter)
    ? await mergedFragmentsSql(view.summaries, range, filter, parameters)
    : await mergedTracesSql(view, range, filter, parameters);
  const reader = await connection.runAndReadAll(
    `SELECT ((start_nano - ${range.fromNano}) // ${bucketNano})::BIGINT AS bucket,
      count(*) FILTER (NOT has_error) AS ok, count(*) FILTER (has_error) AS error,
      quantile_cont(duration_nano, 0.5) AS p50, quantile_cont(duration_nano, 0.95) AS p95
    FROM (${merged}) GROUP BY bucket`,
    parameters.values,
  );
  const filled = new Map<bigint, Omit<TraceBucket, "startNano">>();
  for (const [bucket, ok, error, p50, p95] of reader.getRows()) {
    filled.set(bucket as bigint, {
      ok: Number(ok),
      error: Number(error),
      p50DurationNano: Number(p50),
      p95DurationNano: Number(p95),
    });
  }
  const count = Number((range.toNano - range.fromNano + bucketNano - 1n) / bucketNano);
  return Array.from({ length: count }, (_, index) => ({
    startNano: range.fromNano + BigInt(index) * bucketNano,
    ...(filled.get(BigInt(index)) ?? EMPTY),
  }));
}

const EMPTY = { ok: 0, error: 0, p50DurationNano: null, p95DurationNano: null };
