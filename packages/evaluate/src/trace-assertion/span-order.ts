import type { EvaluatedSpan } from "../port/span-source.ts";

/** A span in its place in the trace. */
export interface PlacedSpan {
  readonly span: EvaluatedSpan;
  /** 0 for a root, else one more than its parent's. */
  readonly depth: number;
  /** Whole milliseconds, rounded down. */
  readonly durationMs: number;
}

/** The spans of one trace, depth first. */
export interface TraceView {
  readonly spans: readonly PlacedSpan[];
}

/**
 * Orders spans depth first: roots and siblings by start time, then span id. A span whose parent is not there is a root,
 * so a trace that begins in another process keeps its shape; of spans that are each other's ancestors the earliest is one.
 * Goes through a stack of its own, not the language's: a chain of 100,000 spans is fine.
 */
export function placeSpans(spans: readonly EvaluatedSpan[]): TraceView {
  const sorted = spans.toSorted(byStart);
  const ids = new Set(sorted.map(({ spanId }) => spanId));
  const children = new Map<string, EvaluatedSpan[]>();
  const roots: EvaluatedSpan[] = [];
  for (const span of sorted) {
    const parent = span.parentSpanId;
    if (parent === undefined || !ids.has(parent)) roots.push(span);
    else appendTo(children, parent, span);
  }
  const placed: PlacedSpan[] = [];
  const seen = new Set<EvaluatedSpan>();
  for (const start of [...roots, ...sorted]) place(start, children, seen, placed);
  return { spans: placed };
}

function place(
  start: EvaluatedSpan,
  children: ReadonlyMap<string, readonly EvaluatedSpan[]>,
  seen: Set<EvaluatedSpan>,
  placed: PlacedSpan[],
): void {
  const stack: { readonly span: EvaluatedSpan; readonly depth: number }[] = [
    { span: start, depth: 0 },
  ];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { span, depth } = next;
    if (seen.has(span)) continue;
    seen.add(span);
    placed.push({ span, depth, durationMs: wholeMs(span.startTimeMs, span.endTimeMs) });
    for (const child of (children.get(span.spanId) ?? []).toReversed()) {
      stack.push({ span: child, depth: depth + 1 });
    }
  }
}

function byStart(a: EvaluatedSpan, b: EvaluatedSpan): number {
  if (a.startTimeMs !== b.startTimeMs) return a.startTimeMs - b.startTimeMs;
  return a.spanId < b.spanId ? -1 : 1;
}

/**
 * Whole milliseconds between two times, never negative. Times since 1970 as numbers are exact to a quarter of a
 * microsecond only, so a difference that is short of a whole number by less than a microsecond is that number.
 */
export function wholeMs(startMs: number, endMs: number): number {
  return Math.max(0, Math.floor(endMs - startMs + 0.001));
}

function appendTo(lists: Map<string, EvaluatedSpan[]>, key: string, span: EvaluatedSpan): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [span]);
  else list.push(span);
}
