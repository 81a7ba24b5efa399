import type { GenAiKind } from "@scouter/contracts";
import type { IconName } from "../../icon/icon.tsx";

/** How a kind of span looks; the word is what screen readers and tooltips say. */
export interface SpanKindLook {
  readonly word: string;
  readonly icon: IconName;
  /** Name of a CSS variable. */
  readonly colour: string;
}

export const spanKindLooks: Readonly<Record<GenAiKind, SpanKindLook>> = {
  agent: { word: "Agent", icon: "agent", colour: "--chart-4" },
  llm: { word: "LLM", icon: "llm", colour: "--chart-1" },
  tool: { word: "Tool", icon: "tool", colour: "--chart-2" },
  retriever: { word: "Retriever", icon: "retriever", colour: "--chart-3" },
  embedding: { word: "Embedding", icon: "embedding", colour: "--chart-3" },
  reranker: { word: "Reranker", icon: "reranker", colour: "--chart-3" },
  guardrail: { word: "Guardrail", icon: "guardrail", colour: "--chart-5" },
  evaluator: { word: "Evaluator", icon: "evaluator", colour: "--chart-5" },
  chain: { word: "Chain", icon: "chain", colour: "--chart-4" },
  other: { word: "Span", icon: "span", colour: "--chart-6" },
};

/** Of a kind as the API names it; null and names of newer servers look like any span. */
export function spanKindLook(kind: string | null): SpanKindLook {
  return isGenAiKind(kind) ? spanKindLooks[kind] : spanKindLooks.other;
}

export function isGenAiKind(kind: string | null): kind is GenAiKind {
  return kind !== null && Object.hasOwn(spanKindLooks, kind);
}
