/** What a span does. `other` when its attributes follow a GenAI convention but do not say. */
export type GenAiSpanKind =
  | "agent"
  | "llm"
  | "tool"
  | "retriever"
  | "embedding"
  | "reranker"
  | "guardrail"
  | "evaluator"
  | "chain"
  | "other";

/** The convention that an attribute belongs to. `legacy`: OpenTelemetry's GenAI convention up to 1.36. */
export type GenAiDialect =
  | "opentelemetry"
  | "legacy"
  | "openinference"
  | "traceloop"
  | "vercel"
  | "scouter";

/**
 * Tokens by one rule, whatever the source counts: `input` includes what was read from and written to a cache, `output`
 * includes reasoning. Null where the span says nothing. Whole numbers from 0.
 */
export interface TokenUsage {
  readonly input: number | null;
  readonly output: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly reasoning: number | null;
}

/** The canonical GenAI row of a span. */
export interface GenAiSpan {
  readonly kind: GenAiSpanKind;
  /** The convention that decided the kind. */
  readonly dialect: GenAiDialect;
  /** As the convention spells it, such as `chat` or `ai.generateText`. */
  readonly operation: string | null;
  readonly provider: string | null;
  readonly requestModel: string | null;
  readonly responseModel: string | null;
  readonly responseId: string | null;
  readonly tokens: TokenUsage;
  readonly finishReasons: readonly string[];
  readonly toolName: string | null;
  readonly toolCallId: string | null;
  readonly conversationId: string | null;
  readonly agentName: string | null;
  /** Why a field is empty, or not as sent, although the span has an attribute for it. */
  readonly notes: readonly GenAiNote[];
}

export interface GenAiNote {
  readonly field: string;
  readonly key: string;
  readonly reason: string;
}

/** Attributes as spans are stored: key to JSON text by the rule of `attributeValueToJson`. */
export type StoredAttributes = ReadonlyMap<string, string>;
