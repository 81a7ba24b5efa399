import type { GenAiGroup } from "@scouter/lake";
import { genAiRecord, type SpanRow } from "@scouter/telemetry";
import { msBetween, rfc3339OfNanos } from "../trace/wire-time.ts";

export function tokenBucketJson(group: GenAiGroup) {
  return {
    bucket_start: bucketStart(group),
    total_input_tokens: group.inputTokens,
    total_output_tokens: group.outputTokens,
    total_cache_creation_tokens: group.cacheWriteTokens,
    total_cache_read_tokens: group.cacheReadTokens,
    span_count: group.spanCount,
    error_rate: errorRate(group),
  };
}

export function operationJson(group: GenAiGroup) {
  return {
    operation_name: group.key.operation ?? "",
    provider_name: group.key.provider ?? null,
    span_count: group.spanCount,
    avg_duration_ms: group.averageDurationMs,
    total_input_tokens: group.inputTokens,
    total_output_tokens: group.outputTokens,
    error_rate: errorRate(group),
  };
}

export function modelJson(group: GenAiGroup) {
  return {
    model: group.key.model ?? UNKNOWN_MODEL,
    provider_name: group.key.provider ?? null,
    span_count: group.spanCount,
    total_input_tokens: group.inputTokens,
    total_output_tokens: group.outputTokens,
    p50_duration_ms: group.p50DurationMs,
    p95_duration_ms: group.p95DurationMs,
    error_rate: errorRate(group),
  };
}

export function agentJson(group: GenAiGroup) {
  return {
    agent_name: group.key.agentName ?? null,
    agent_id: group.key.agentId ?? null,
    conversation_id: group.key.conversationId ?? null,
    span_count: group.spanCount,
    total_input_tokens: group.inputTokens,
    total_output_tokens: group.outputTokens,
    last_seen: rfc3339OfNanos(group.lastStartNano),
  };
}

export function toolJson(group: GenAiGroup) {
  return {
    tool_name: group.key.toolName ?? null,
    tool_type: group.key.toolType ?? null,
    call_count: group.spanCount,
    avg_duration_ms: group.averageDurationMs,
    error_rate: errorRate(group),
  };
}

export function toolPointJson(group: GenAiGroup) {
  return { bucket_start: bucketStart(group), ...toolJson(group) };
}

export const UNKNOWN_MODEL = "unknown";

export function bucketStart({ bucketStartNano }: GenAiGroup): string {
  return rfc3339OfNanos(bucketStartNano ?? 0n);
}

export function errorRate(group: Pick<GenAiGroup, "errorCount" | "spanCount">): number {
  return group.spanCount === 0 ? 0 : group.errorCount / group.spanCount;
}

/** Null for a span that follows no convention, which the lake does not give. */
export function genAiSpanJson(span: SpanRow) {
  const record = genAiRecord(span);
  if (record === null) return null;
  return {
    trace_id: span.traceId,
    span_id: span.spanId,
    service_name: span.serviceName,
    start_time: rfc3339OfNanos(span.startTimeUnixNano),
    end_time: rfc3339OfNanos(span.endTimeUnixNano),
    duration_ms: msBetween(span.startTimeUnixNano, span.endTimeUnixNano),
    status_code: span.statusCode,
    operation_name: record.operationName,
    provider_name: record.providerName,
    request_model: record.requestModel,
    response_model: record.responseModel,
    response_id: record.responseId,
    input_tokens: record.inputTokens,
    output_tokens: record.outputTokens,
    cache_creation_input_tokens: record.cacheCreationInputTokens,
    cache_read_input_tokens: record.cacheReadInputTokens,
    finish_reasons: record.finishReasons,
    output_type: record.outputType,
    conversation_id: record.conversationId,
    agent_name: record.agentName,
    agent_id: record.agentId,
    agent_description: record.agentDescription,
    agent_version: record.agentVersion,
    data_source_id: record.dataSourceId,
    tool_name: record.toolName,
    tool_type: record.toolType,
    tool_call_id: record.toolCallId,
    request_temperature: record.requestTemperature,
    request_max_tokens: record.requestMaxTokens,
    request_top_p: record.requestTopP,
    request_choice_count: record.requestChoiceCount,
    request_seed: record.requestSeed,
    request_frequency_penalty: record.requestFrequencyPenalty,
    request_presence_penalty: record.requestPresencePenalty,
    request_stop_sequences: record.requestStopSequences,
    server_address: record.serverAddress,
    server_port: record.serverPort,
    error_type: record.errorType,
    openai_api_type: record.openaiApiType,
    openai_service_tier: record.openaiServiceTier,
    label: record.label,
    input_messages: record.inputMessages,
    output_messages: record.outputMessages,
    system_instructions: record.systemInstructions,
    tool_definitions: record.toolDefinitions,
    eval_results: record.evalResults.map((result) => ({
      name: result.name,
      score_label: result.scoreLabel,
      score_value: result.scoreValue,
      explanation: result.explanation,
      response_id: result.responseId,
    })),
  };
}
