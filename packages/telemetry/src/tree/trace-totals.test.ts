import { describe, expect, it } from "vitest";
import type { GenAiSpanKind } from "../genai/genai-span.ts";
import { layoutTrace } from "./layout-trace.ts";
import { traceTokens } from "./trace-totals.ts";

type Brief = readonly [
  id: string,
  parent: string | null,
  kind: GenAiSpanKind | null,
  input: number | null,
];

const CASES: readonly (readonly [name: string, briefs: readonly Brief[], input: number])[] = [
  ["nothing", [], 0],
  ["spans without counts", [["a", null, "llm", null]], 0],
  [
    "calls side by side",
    [
      ["r", null, "chain", null],
      ["a", "r", "llm", 3],
      ["b", "r", "embedding", 4],
    ],
    7,
  ],
  [
    "a wrapper that repeats its calls, through a span without a count",
    [
      ["r", null, "agent", 7],
      ["c", "r", "chain", null],
      ["a", "c", "llm", 3],
      ["b", "c", "llm", 4],
    ],
    7,
  ],
  ["a wrapper that alone has a count", [["r", null, "agent", 7]], 7],
  [
    "a library's call around the provider's",
    [
      ["a", null, "llm", 3],
      ["b", "a", "llm", 3],
    ],
    3,
  ],
  [
    "a call below a tool that a call runs",
    [
      ["a", null, "llm", 3],
      ["t", "a", "tool", null],
      ["b", "t", "llm", 5],
    ],
    8,
  ],
];

describe("traceTokens", () => {
  it.each(CASES)("counts %s", (_name, briefs, input) => {
    const spans = briefs.map(([spanId, parentSpanId, genAiKind, tokens], index) => ({
      spanId,
      parentSpanId,
      startTimeUnixNano: BigInt(index),
      durationNano: 0n,
      genAiKind,
      tokens: { input: tokens, output: null, cacheRead: null, cacheWrite: null, reasoning: null },
    }));
    expect(traceTokens(spans, layoutTrace(spans)).input).toBe(input);
  });
});
