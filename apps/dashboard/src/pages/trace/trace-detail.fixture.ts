import type { TraceDetail } from "@scouter/contracts";

/** One span of a made-up trace. */
export interface MadeSpan {
  readonly depth: number;
  readonly name?: string;
  readonly kind?: string;
  readonly status?: number;
  readonly input?: number;
  readonly output?: number;
}

/** A page as the API answers it; span ids are `s0`, `s1` ... in depth-first order. */
export function traceDetailOf(spans: readonly MadeSpan[]): TraceDetail {
  const below = spans.map(({ depth }, row) => {
    const end = spans.findIndex((span, at) => at > row && span.depth <= depth);
    return spans.slice(row + 1, end === -1 ? spans.length : end);
  });
  const dictionary = (values: readonly (string | null)[]) => {
    const different = [...new Set(values.filter((value) => value !== null))];
    return {
      values: different,
      rows: values.map((value) => (value === null ? -1 : different.indexOf(value))),
    };
  };
  const errors = below.map((list) => list.filter(({ status }) => status === 2).length);
  return {
    trace: {
      trace_id: "f".repeat(32),
      root_name: spans[0]?.name ?? "",
      root_span_id: "s0",
      services: ["shop"],
      start: "2026-11-22T10:00:00Z",
      start_unix_nano: "1795341600000000000",
      duration_ns: spans.length * 1e6,
      span_count: spans.length,
      error_count: spans.filter(({ status }) => status === 2).length,
      depth: Math.max(0, ...spans.map(({ depth }) => depth + 1)),
      status: "ok",
      tokens: { input: 0, output: 0, cache_read: 0, cache_write: 0, reasoning: 0 },
      models: [],
      conversation_id: null,
    },
    offset: 0,
    next_offset: null,
    spans: {
      span_id: spans.map((_, row) => `s${String(row)}`),
      parent_id: spans.map(() => null),
      depth: spans.map(({ depth }) => depth),
      name: dictionary(spans.map(({ name }, row) => name ?? `span ${String(row)}`)),
      service: dictionary(spans.map(() => "shop")),
      kind: dictionary(spans.map(() => "INTERNAL")),
      genai_kind: dictionary(spans.map(({ kind }) => kind ?? null)),
      start_offset_ns: spans.map((_, row) => row * 1e6),
      duration_ns: spans.map(() => 1e6),
      status: spans.map(({ status }) => status ?? 0),
      errors_below: errors,
      child_count: spans.map(
        ({ depth }, row) => below[row]?.filter((span) => span.depth === depth + 1).length ?? 0,
      ),
      descendant_count: below.map((list) => list.length),
      input_tokens: spans.map(({ input }) => input ?? null),
      output_tokens: spans.map(({ output }) => output ?? null),
      orphans: [],
    },
  };
}
