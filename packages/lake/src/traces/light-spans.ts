import type { DuckDBConnection } from "@duckdb/node-api";
import type { CountedSpan, GenAiSpanKind, LayoutSpan } from "@scouter/telemetry";

/** What of a span a trace's digest and tree need: no attributes, no content. */
export interface LightSpan extends LayoutSpan, CountedSpan {
  readonly traceId: string;
  readonly name: string;
  readonly kind: string;
  readonly service: string;
  readonly statusCode: number;
  /** The one that answered, else the one that was asked. */
  readonly model: string | null;
  readonly conversationId: string | null;
  readonly inputPreview: string | null;
  readonly outputPreview: string | null;
}

export const lightColumns = [
  "trace_id",
  "span_id",
  "parent_span_id",
  "span_name",
  "span_kind",
  "service_name",
  "start_time_unix_nano",
  "duration_nano",
  "status_code",
  "gen_ai_kind",
  "gen_ai_request_model",
  "gen_ai_response_model",
  "gen_ai_conversation_id",
  "gen_ai_input_tokens",
  "gen_ai_output_tokens",
  "gen_ai_cache_read_tokens",
  "gen_ai_cache_write_tokens",
  "gen_ai_reasoning_tokens",
  "input_preview",
  "output_preview",
] as const;

type Column<Value> = readonly Value[];
type Text = Column<string>;
type MaybeText = Column<string | null>;
type MaybeCount = Column<bigint | null>;

interface LightColumns {
  readonly trace_id: Text;
  readonly span_id: Text;
  readonly parent_span_id: MaybeText;
  readonly span_name: Text;
  readonly span_kind: Text;
  readonly service_name: Text;
  readonly start_time_unix_nano: Column<bigint>;
  readonly duration_nano: Column<bigint>;
  readonly status_code: Column<number>;
  readonly gen_ai_kind: Column<GenAiSpanKind | null>;
  readonly gen_ai_request_model: MaybeText;
  readonly gen_ai_response_model: MaybeText;
  readonly gen_ai_conversation_id: MaybeText;
  readonly gen_ai_input_tokens: MaybeCount;
  readonly gen_ai_output_tokens: MaybeCount;
  readonly gen_ai_cache_read_tokens: MaybeCount;
  readonly gen_ai_cache_write_tokens: MaybeCount;
  readonly gen_ai_reasoning_tokens: MaybeCount;
  readonly input_preview: MaybeText;
  readonly output_preview: MaybeText;
}

/** Runs a statement that gives `lightColumns`. */
export async function readLightSpans(
  connection: DuckDBConnection,
  sql: string,
  parameters: Record<string, string>,
): Promise<readonly LightSpan[]> {
  const reader = await connection.runAndReadAll(
    `SELECT ${lightColumns.join(", ")} FROM (${sql})`,
    parameters,
  );
  // Without rows there are no columns either.
  if (reader.currentRowCount === 0) return [];
  const columns = reader.getColumnsObject() as unknown as LightColumns;
  return Array.from(columns.span_id, (_, row) => lightSpanAt(columns, row));
}

function lightSpanAt(columns: LightColumns, row: number): LightSpan {
  return {
    traceId: columns.trace_id[row] ?? "",
    spanId: columns.span_id[row] ?? "",
    parentSpanId: columns.parent_span_id[row] ?? null,
    name: columns.span_name[row] ?? "",
    kind: columns.span_kind[row] ?? "",
    service: columns.service_name[row] ?? "",
    startTimeUnixNano: columns.start_time_unix_nano[row] ?? 0n,
    durationNano: columns.duration_nano[row] ?? 0n,
    statusCode: columns.status_code[row] ?? 0,
    genAiKind: columns.gen_ai_kind[row] ?? null,
    model: columns.gen_ai_response_model[row] ?? columns.gen_ai_request_model[row] ?? null,
    conversationId: columns.gen_ai_conversation_id[row] ?? null,
    tokens: {
      input: countAt(columns.gen_ai_input_tokens, row),
      output: countAt(columns.gen_ai_output_tokens, row),
      cacheRead: countAt(columns.gen_ai_cache_read_tokens, row),
      cacheWrite: countAt(columns.gen_ai_cache_write_tokens, row),
      reasoning: countAt(columns.gen_ai_reasoning_tokens, row),
    },
    inputPreview: columns.input_preview[row] ?? null,
    outputPreview: columns.output_preview[row] ?? null,
  };
}

function countAt(column: MaybeCount, row: number): number | null {
  const value = column[row] ?? null;
  return value === null ? null : Number(value);
}
