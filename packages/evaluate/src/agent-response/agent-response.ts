import type { Json } from "@scouter/contracts";

/** One call of a tool that a model asked for. */
export interface ToolCall {
  readonly id: string | null;
  readonly name: string;
  /** Parsed; null when the vendor sent none, or text that is not JSON. */
  readonly arguments: Json;
  /** What the tool gave back, when the data holds it; else null. */
  readonly result: Json;
}

/** A model's answer in one form for every vendor. What the vendor did not say is null, never 0 or "". */
export interface AgentResponse {
  /** In the order of the calls. */
  readonly toolCalls: readonly ToolCall[];
  readonly text: string | null;
  readonly model: string | null;
  /** As the vendor spells it. */
  readonly finishReason: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** The vendor's total, else the sum when both counts are known. */
  readonly totalTokens: number | null;
}

export interface TokenCounts {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly totalTokens: number | null;
}

export function tokenCounts(
  inputTokens: number | null,
  outputTokens: number | null,
  total: number | null = null,
): TokenCounts {
  const sum = inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;
  return { inputTokens, outputTokens, totalTokens: total ?? sum };
}
