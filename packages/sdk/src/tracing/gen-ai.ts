import { SpanKind, type Attributes, type Span } from "@opentelemetry/api";
import { captureValue, type CaptureLimits } from "./capture/capture-value.ts";
import { withSpan, type SpanOptions } from "./with-span.ts";

/** What a model or a tool is asked for, in OpenTelemetry's words for `gen_ai.operation.name`. */
export type GenAiOperation =
  | "chat"
  | "generate_content"
  | "text_completion"
  | "embeddings"
  | "retrieval"
  | "execute_tool"
  | "create_agent"
  | "invoke_agent"
  | "invoke_workflow"
  | (string & {});

/** A call of a model, by OpenTelemetry's semantic conventions for generative AI. */
export interface GenAiCall {
  readonly operation: GenAiOperation;
  /** Such as `openai`, `anthropic`, `gcp.gemini`. */
  readonly provider?: string;
  /** The model asked for. */
  readonly model?: string;
  readonly conversationId?: string;
  readonly agent?: { readonly name?: string; readonly id?: string };
  readonly tool?: { readonly name: string; readonly callId?: string; readonly type?: string };
}

/** What a call used and gave. Counts are tokens; `inputTokens` holds cached ones too, `outputTokens` reasoning too. */
export interface GenAiResult {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly model?: string;
  readonly responseId?: string;
  readonly finishReasons?: readonly string[];
}

/** Messages in the conventions' form: `[{ role, parts: [{ type: "text", content }] }]`, or the provider's own. */
export interface GenAiContent {
  readonly inputMessages?: unknown;
  readonly outputMessages?: unknown;
  readonly systemInstructions?: unknown;
  readonly toolDefinitions?: unknown;
  readonly toolArguments?: unknown;
  readonly toolResult?: unknown;
}

/** Longer than for other values: a judge reads these. */
const CONTENT_LIMITS: CaptureLimits = { maxLength: 16_384, maxSize: 262_144 };

/** {@link withSpan} for one call of a model, an agent or a tool, named as the conventions say (`chat gpt-4o`). */
export function withGenAiSpan<Result>(
  call: GenAiCall,
  work: (span: Span) => Result,
  options: SpanOptions = {},
): Result {
  const subject = call.tool?.name ?? call.agent?.name ?? call.model;
  const name = subject === undefined ? call.operation : `${call.operation} ${subject}`;
  const kind = options.kind ?? (isRemote(call.operation) ? SpanKind.CLIENT : SpanKind.INTERNAL);
  const attributes = { ...callAttributes(call), ...options.attributes };
  return withSpan(name, { ...options, kind, attributes }, work);
}

/** Adds what a call used and gave. Fields that are not given are left alone. */
export function setGenAiResult(span: Span, result: GenAiResult): void {
  span.setAttributes(
    defined({
      "gen_ai.usage.input_tokens": result.inputTokens,
      "gen_ai.usage.output_tokens": result.outputTokens,
      "gen_ai.usage.cache_read.input_tokens": result.cacheReadTokens,
      "gen_ai.usage.cache_write.input_tokens": result.cacheWriteTokens,
      "gen_ai.response.model": result.model,
      "gen_ai.response.id": result.responseId,
      "gen_ai.response.finish_reasons": result.finishReasons && [...result.finishReasons],
    }),
  );
}

/** Adds messages and tool values, which may hold what people wrote: call it only where that may be kept. */
export function setGenAiContent(
  span: Span,
  content: GenAiContent,
  limits: CaptureLimits = CONTENT_LIMITS,
): void {
  if (!span.isRecording()) return;
  const text = (value: unknown) => (value === undefined ? undefined : captureValue(value, limits));
  span.setAttributes(
    defined({
      "gen_ai.input.messages": text(content.inputMessages),
      "gen_ai.output.messages": text(content.outputMessages),
      "gen_ai.system_instructions": text(content.systemInstructions),
      "gen_ai.tool.definitions": text(content.toolDefinitions),
      "gen_ai.tool.call.arguments": text(content.toolArguments),
      "gen_ai.tool.call.result": text(content.toolResult),
    }),
  );
}

function callAttributes({ operation, provider, model, conversationId, agent, tool }: GenAiCall) {
  return defined({
    "gen_ai.operation.name": operation,
    "gen_ai.provider.name": provider,
    "gen_ai.request.model": model,
    "gen_ai.conversation.id": conversationId,
    "gen_ai.agent.name": agent?.name,
    "gen_ai.agent.id": agent?.id,
    "gen_ai.tool.name": tool?.name,
    "gen_ai.tool.call.id": tool?.callId,
    "gen_ai.tool.type": tool?.type,
  });
}

function isRemote(operation: string): boolean {
  return !operation.startsWith("invoke_") && operation !== "execute_tool";
}

function defined(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
