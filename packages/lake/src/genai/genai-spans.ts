import type { ReadView } from "../reader/read-view.ts";
import { spansSql } from "../traces/merged-traces.ts";
import type { Parameters } from "../traces/span-condition.ts";
import type { TimeRange } from "../traces/trace-queries.ts";
import type { GenAiDimension, GenAiFilter } from "./genai-queries.ts";

const columns = [
  "trace_id",
  "span_id",
  "parent_span_id",
  "service_name",
  "start_time_unix_nano",
  "duration_nano",
  "gen_ai_kind",
  "gen_ai_operation",
  "gen_ai_provider",
  "gen_ai_request_model",
  "gen_ai_response_model",
  "gen_ai_input_tokens",
  "gen_ai_output_tokens",
  "gen_ai_cache_read_tokens",
  "gen_ai_cache_write_tokens",
  "gen_ai_tool_name",
  "gen_ai_tool_type",
  "gen_ai_conversation_id",
  "gen_ai_agent_name",
  "gen_ai_agent_id",
  "error_type",
] as const;

/** Of a row of `genAiSpansSql`. */
export const dimensionColumns: Readonly<Record<GenAiDimension, string>> = {
  operation: "gen_ai_operation",
  provider: "gen_ai_provider",
  model: "coalesce(gen_ai_response_model, gen_ai_request_model)",
  agentName: "gen_ai_agent_name",
  agentId: "gen_ai_agent_id",
  conversationId: "gen_ai_conversation_id",
  toolName: "gen_ai_tool_name",
  toolType: "gen_ai_tool_type",
  errorType: "error_type",
};

/**
 * SQL of the view `gen_ai_spans`: the GenAI spans that start in the range, each once, with `counts_tokens`, which says
 * whether a span's tokens are its own to count. A span with tokens and no other sign is none.
 */
export async function genAiSpansSql(view: ReadView, range: TimeRange): Promise<string> {
  const isCall = "gen_ai_kind IN ('llm', 'embedding', 'reranker')";
  const hasCount = "(gen_ai_input_tokens IS NOT NULL OR gen_ai_output_tokens IS NOT NULL)";
  return `WITH gen_ai AS MATERIALIZED (
      SELECT DISTINCT ON (trace_id, span_id) * FROM (${await spansSql(view, range, columns)})
      WHERE gen_ai_kind IS NOT NULL AND (gen_ai_kind <> 'other' OR gen_ai_operation IS NOT NULL)),
    calls AS (SELECT trace_id, parent_span_id FROM gen_ai WHERE ${isCall} AND ${hasCount})
    SELECT *, ${hasCount} AND CASE WHEN ${isCall}
        THEN (trace_id, span_id) NOT IN (
          SELECT (trace_id, parent_span_id) FROM calls WHERE parent_span_id IS NOT NULL)
        ELSE trace_id NOT IN (SELECT trace_id FROM calls) END AS counts_tokens
    FROM gen_ai`;
}

/** On a row of the view; `true` when nothing is asked. */
export function genAiCondition(filter: GenAiFilter, parameters: Parameters): string {
  const parts: string[] = ["true"];
  const equal = (column: string, value: string | undefined) => {
    if (value !== undefined) parts.push(`${column} = ${parameters.add(value)}`);
  };
  equal("service_name", filter.service);
  equal("gen_ai_operation", filter.operation);
  equal("gen_ai_provider", filter.provider);
  equal("gen_ai_conversation_id", filter.conversationId);
  equal("gen_ai_agent_name", filter.agentName);
  equal("gen_ai_tool_name", filter.toolName);
  equal("error_type", filter.errorType);
  if (filter.model !== undefined) {
    const model = parameters.add(filter.model);
    parts.push(
      `(coalesce(gen_ai_request_model = ${model}, false) OR coalesce(gen_ai_response_model = ${model}, false))`,
    );
  }
  switch (filter.only) {
    case "agents":
      parts.push(
        "(coalesce(gen_ai_operation IN ('invoke_agent', 'create_agent'), false) OR gen_ai_agent_name IS NOT NULL)",
      );
      break;
    case "tools":
      parts.push(
        "(coalesce(gen_ai_operation = 'execute_tool', false) OR gen_ai_tool_name IS NOT NULL)",
      );
      break;
    case "errors":
      parts.push("error_type IS NOT NULL");
      break;
    default:
  }
  return parts.join(" AND ");
}
