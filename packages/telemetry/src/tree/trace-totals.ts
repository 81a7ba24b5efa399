import type { GenAiSpanKind, TokenUsage } from "../genai/genai-span.ts";
import type { TraceLayout } from "./layout-trace.ts";

/** What of a span its part in a trace's totals depends on. */
export interface CountedSpan {
  readonly genAiKind: GenAiSpanKind | null;
  readonly tokens: TokenUsage;
}

/** Tokens of a whole trace; 0 where no span says anything. */
export interface TraceTokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly reasoning: number;
}

/**
 * Tokens of a trace, each call counted once.
 *
 * A wrapper (an agent, a chain, a client library's own span) repeats what the spans below it report: its count is left
 * out when any span below has one. A model call is left out when a span below has one that is not behind a tool or an
 * agent: those make calls of their own. `spans` as they were given to `layoutTrace`.
 */
export function traceTokens(spans: readonly CountedSpan[], layout: TraceLayout): TraceTokens {
  const total = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
  const rows = layout.spanIndex.length;
  const hasCountBelow = new Uint8Array(rows);
  const hasCallBelow = new Uint8Array(rows);
  // Children come after their parents: from the end, every span's subtree is done before the span.
  for (let row = rows - 1; row >= 0; row -= 1) {
    const span = spans[layout.spanIndex[row] ?? -1];
    if (span === undefined) continue;
    const counts = hasCount(span.tokens);
    const isRepeated = isCall(span.genAiKind) ? hasCallBelow[row] : hasCountBelow[row];
    if (counts && isRepeated !== 1) add(total, span.tokens);
    const parent = layout.parentRow[row] ?? -1;
    if (parent < 0) continue;
    if (counts || hasCountBelow[row] === 1) hasCountBelow[parent] = 1;
    const isBoundary = span.genAiKind === "tool" || span.genAiKind === "agent";
    if (!isBoundary && (counts || hasCallBelow[row] === 1)) hasCallBelow[parent] = 1;
  }
  return total;
}

function isCall(kind: GenAiSpanKind | null): boolean {
  return kind === "llm" || kind === "embedding" || kind === "reranker";
}

function hasCount(tokens: TokenUsage): boolean {
  return tokens.input !== null || tokens.output !== null;
}

type Mutable<Fields> = { -readonly [Name in keyof Fields]: Fields[Name] };

function add(total: Mutable<TraceTokens>, tokens: TokenUsage): void {
  total.input += tokens.input ?? 0;
  total.output += tokens.output ?? 0;
  total.cacheRead += tokens.cacheRead ?? 0;
  total.cacheWrite += tokens.cacheWrite ?? 0;
  total.reasoning += tokens.reasoning ?? 0;
}
