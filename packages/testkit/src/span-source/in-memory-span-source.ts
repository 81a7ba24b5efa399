import type { EvaluatedSpan, SpanSource } from "@scouter/evaluate";

/** Spans held in memory; more may be added while a test runs. */
export class InMemorySpanSource implements SpanSource {
  readonly #spans = new Map<string, EvaluatedSpan>();

  constructor(spans: readonly EvaluatedSpan[] = []) {
    this.add(...spans);
  }

  /** Adds spans; a span that is there already is kept as it was first. */
  add(...spans: readonly EvaluatedSpan[]): void {
    for (const span of spans) {
      const key = `${span.traceId}/${span.spanId}`;
      if (!this.#spans.has(key)) this.#spans.set(key, structuredClone(span));
    }
  }

  async spansOf(
    traceId: string,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly EvaluatedSpan[]> {
    options.signal?.throwIfAborted();
    return [...this.#spans.values()]
      .filter((span) => span.traceId === traceId)
      .map((span) => structuredClone(span))
      .sort((a, b) => a.startTimeMs - b.startTimeMs || (a.spanId < b.spanId ? -1 : 1));
  }
}
