import type { DuckDBConnection } from "@duckdb/node-api";
import type { ReadView } from "../reader/read-view.ts";
import { bucketSql } from "../traces/time-bucket.ts";
import { Parameters } from "../traces/span-condition.ts";
import type { GenAiGroup, GenAiGroupQuery } from "./genai-queries.ts";
import { dimensionColumns, genAiCondition, genAiSpansSql } from "./genai-spans.ts";

const tokens = (column: string, name: string) =>
  `coalesce(sum(${column}) FILTER (counts_tokens), 0)::BIGINT AS ${name}`;
const DURATION_MS = "duration_nano / 1e6";

export async function genAiGroups(
  connection: DuckDBConnection,
  view: ReadView,
  { range, filter, by, bucket }: GenAiGroupQuery,
): Promise<readonly GenAiGroup[]> {
  const parameters = new Parameters();
  const keys = by.map((dimension) => `${dimensionColumns[dimension]} AS "${dimension}"`);
  if (bucket !== undefined) keys.push(`${bucketSql("start_time_unix_nano", bucket)} AS bucket`);
  const names = [...by.map((dimension) => `"${dimension}"`), ...(bucket ? ["bucket"] : [])];
  const reader = await connection.runAndReadAll(
    `SELECT ${[...names, ""].join(", ")}
      count(*) AS spans, count(error_type) AS errors,
      ${tokens("gen_ai_input_tokens", "input")}, ${tokens("gen_ai_output_tokens", "output")},
      ${tokens("gen_ai_cache_read_tokens", "cache_read")},
      ${tokens("gen_ai_cache_write_tokens", "cache_write")},
      avg(${DURATION_MS}) AS average,
      quantile_cont(${DURATION_MS}, [0.5, 0.95, 0.99]) AS quantiles,
      max(start_time_unix_nano) AS last_start,
      count(DISTINCT gen_ai_agent_name) AS agents,
      count(DISTINCT gen_ai_conversation_id) AS conversations
    FROM (SELECT *${keys.map((key) => `, ${key}`).join("")} FROM (${await genAiSpansSql(view, range)})
      WHERE ${genAiCondition(filter, parameters)})
    ${names.length === 0 ? "HAVING count(*) > 0" : `GROUP BY ${names.join(", ")}`}`,
    parameters.values,
  );
  return reader.getRowObjects().map((row) => {
    const [p50, p95, p99] = (row["quantiles"] as { readonly items: readonly number[] }).items;
    return {
      key: Object.fromEntries(by.map((dimension) => [dimension, row[dimension] as string | null])),
      bucketStartNano: (row["bucket"] as bigint | undefined) ?? null,
      spanCount: Number(row["spans"]),
      errorCount: Number(row["errors"]),
      inputTokens: Number(row["input"]),
      outputTokens: Number(row["output"]),
      cacheReadTokens: Number(row["cache_read"]),
      cacheWriteTokens: Number(row["cache_write"]),
      averageDurationMs: row["average"] as number,
      p50DurationMs: p50 ?? 0,
      p95DurationMs: p95 ?? 0,
      p99DurationMs: p99 ?? 0,
      lastStartNano: row["last_start"] as bigint,
      agents: Number(row["agents"]),
      conversations: Number(row["conversations"]),
    };
  });
}
