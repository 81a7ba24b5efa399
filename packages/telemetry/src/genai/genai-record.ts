import type { Json } from "@scouter/contracts";
import type { SpanEvent, SpanRow } from "../span/span-row.ts";
import { textOf, valueOf } from "./attribute-reading.ts";
import { genAiContent } from "./genai-content.ts";
import type { StoredAttributes } from "./genai-span.ts";
import { mapGenAiSpan } from "./map-genai-span.ts";

/** A GenAI span in full: everything that its attributes and events say, in any convention. Null where they say nothing. */
export interface GenAiRecord {
  readonly operationName: string | null;
  readonly providerName: string | null;
  readonly requestModel: string | null;
  readonly responseModel: string | null;
  readonly responseId: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheCreationInputTokens: number | null;
  readonly cacheReadInputTokens: number | null;
  readonly finishReasons: readonly string[];
  readonly outputType: string | null;
  readonly conversationId: string | null;
  readonly agentName: string | null;
  readonly agentId: string | null;
  readonly agentDescription: string | null;
  readonly agentVersion: string | null;
  readonly dataSourceId: string | null;
  readonly toolName: string | null;
  readonly toolType: string | null;
  readonly toolCallId: string | null;
  readonly requestTemperature: number | null;
  readonly requestMaxTokens: number | null;
  readonly requestTopP: number | null;
  readonly requestChoiceCount: number | null;
  readonly requestSeed: number | null;
  readonly requestFrequencyPenalty: number | null;
  readonly requestPresencePenalty: number | null;
  readonly requestStopSequences: readonly string[];
  readonly serverAddress: string | null;
  readonly serverPort: number | null;
  readonly errorType: string | null;
  readonly openaiApiType: string | null;
  readonly openaiServiceTier: string | null;
  readonly label: string | null;
  /** JSON text. */
  readonly inputMessages: string | null;
  readonly outputMessages: string | null;
  readonly systemInstructions: string | null;
  readonly toolDefinitions: string | null;
  readonly evalResults: readonly GenAiEvalResult[];
}

export interface GenAiEvalResult {
  readonly name: string;
  readonly scoreLabel: string | null;
  readonly scoreValue: number | null;
  readonly explanation: string | null;
  readonly responseId: string | null;
}

const DETAILS_EVENT = "gen_ai.client.inference.operation.details";
const RESULT_EVENT = "gen_ai.evaluation.result";

/** Null when the span follows no GenAI convention. */
export function genAiRecord(
  span: Pick<SpanRow, "attributes" | "events" | "input" | "output">,
): GenAiRecord | null {
  const { attributes } = span;
  const mapped = mapGenAiSpan(attributes);
  if (mapped === null) return null;
  const text = (key: string) => textOf(attributes, key);
  const whole = (key: string) => wholeOf(valueOf(attributes, key));
  const real = (key: string) => realOf(valueOf(attributes, key));
  return {
    operationName: mapped.operation,
    providerName: mapped.provider,
    requestModel: mapped.requestModel,
    responseModel: mapped.responseModel,
    responseId: mapped.responseId,
    inputTokens: mapped.tokens.input,
    outputTokens: mapped.tokens.output,
    cacheCreationInputTokens: mapped.tokens.cacheWrite,
    cacheReadInputTokens: mapped.tokens.cacheRead,
    finishReasons: finishReasonsOf(attributes, mapped.finishReasons),
    outputType: text("gen_ai.output.type"),
    conversationId: mapped.conversationId,
    agentName: mapped.agentName,
    agentId: text("gen_ai.agent.id"),
    agentDescription: text("gen_ai.agent.description"),
    agentVersion: text("gen_ai.agent.version"),
    dataSourceId: text("gen_ai.data_source.id"),
    toolName: mapped.toolName,
    toolType: text("gen_ai.tool.type"),
    toolCallId: mapped.toolCallId,
    requestTemperature: real("gen_ai.request.temperature"),
    requestMaxTokens: whole("gen_ai.request.max_tokens"),
    requestTopP: real("gen_ai.request.top_p"),
    requestChoiceCount: whole("gen_ai.request.choice.count"),
    requestSeed: whole("gen_ai.request.seed"),
    requestFrequencyPenalty: real("gen_ai.request.frequency_penalty"),
    requestPresencePenalty: real("gen_ai.request.presence_penalty"),
    requestStopSequences: textsOf(valueOf(attributes, "gen_ai.request.stop_sequences")) ?? [],
    serverAddress: text("server.address"),
    serverPort: whole("server.port"),
    errorType: text("error.type"),
    openaiApiType: text("openai.api.type"),
    openaiServiceTier: text("openai.response.service_tier"),
    label: text("scouter.label"),
    ...contentOf(span),
    evalResults: span.events.flatMap((event) => evalResultOf(event) ?? []),
  };
}

/** By OpenTelemetry's keys as they were sent, on the span, else on its last details event; else by other conventions. */
function contentOf(span: Parameters<typeof genAiRecord>[0]) {
  const details = span.events.filter(({ name }) => name === DETAILS_EVENT);
  const said = (key: string) => {
    const places = [span.attributes, ...details.map(({ attributes }) => attributes).toReversed()];
    for (const place of places) {
      const value = valueOf(place, key);
      if (value !== undefined && value !== null) return jsonTextOf(value);
    }
    return null;
  };
  const inputMessages = said("gen_ai.input.messages");
  const outputMessages = said("gen_ai.output.messages");
  const systemInstructions = said("gen_ai.system_instructions");
  const other = inputMessages === null || outputMessages === null ? genAiContent(span) : null;
  return {
    inputMessages: inputMessages ?? listText(other?.inputMessages),
    outputMessages: outputMessages ?? listText(other?.outputMessages),
    systemInstructions,
    toolDefinitions: said("gen_ai.tool.definitions"),
  };
}

function listText(list: readonly unknown[] | null | undefined): string | null {
  return list === undefined || list === null || list.length === 0 ? null : JSON.stringify(list);
}

/** A text as it is, since it holds JSON; other values as JSON. */
function jsonTextOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function finishReasonsOf(attributes: StoredAttributes, mapped: readonly string[]) {
  return textsOf(valueOf(attributes, "gen_ai.response.finish_reasons")) ?? mapped;
}

/** The texts of a list, which may have come as its JSON text; undefined for what is no list. */
function textsOf(value: Json | undefined): readonly string[] | undefined {
  const list = typeof value === "string" ? parsedOrNull(value) : value;
  if (!Array.isArray(list)) return undefined;
  return list.filter((item): item is string => typeof item === "string");
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a plain text
  }
}

/** A whole number, a finite number without its fraction, or the text of a whole number. */
function wholeOf(value: Json | undefined): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? Math.trunc(value) : null;
  return typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : null;
}

/** A number or the text of one. */
function realOf(value: Json | undefined): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

function evalResultOf({ name: event, attributes }: SpanEvent): GenAiEvalResult | undefined {
  if (event !== RESULT_EVENT) return undefined;
  const name = textOf(attributes, "gen_ai.evaluation.name");
  if (name === null) return undefined;
  return {
    name,
    scoreLabel: textOf(attributes, "gen_ai.evaluation.score.label"),
    scoreValue: realOf(valueOf(attributes, "gen_ai.evaluation.score.value")),
    explanation: textOf(attributes, "gen_ai.evaluation.explanation"),
    responseId: textOf(attributes, "gen_ai.response.id"),
  };
}
