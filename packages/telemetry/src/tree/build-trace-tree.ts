/** What of a span the tree is made from. `SpanRow` fits. */
export interface TreeSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
}

/** A span in its place. */
export interface TreeNode<Span extends TreeSpan> {
  readonly span: Span;
  /** 0 for a root, else one more than its parent's. */
  readonly depth: number;
  /** Position in the result, counted from 0. */
  readonly spanOrder: number;
  /** Earliest span without parent of the trace, else the trace's earliest span. */
  readonly rootSpanId: string;
  /** Span ids from the root to this span, both included. Made when asked for: all paths of a chain are quadratic. */
  readonly path: readonly string[];
}

/**
 * Orders spans as a tree and says where each stands.
 *
 * Depth first from the spans without parent, siblings by start time, then end time, then span id. Spans that are not reached so
 * (their parent is missing, or they form a cycle) follow in the same order with depth 0 and a path of their own id.
 * Spans of several traces are kept apart, traces by their earliest span; `spanOrder` runs on over them. Of spans
 * with the same trace and span id the earliest is kept. The order of the input does not matter. O(n log n).
 */
export function buildTraceTree<Span extends TreeSpan>(
  spans: readonly Span[],
): readonly TreeNode<Span>[] {
  const nodes: PlacedSpan<Span>[] = [];
  for (const trace of tracesOf(spans)) placeTrace(trace, nodes);
  return nodes;
}

class PlacedSpan<Span extends TreeSpan> implements TreeNode<Span> {
  readonly span: Span;
  readonly depth: number;
  readonly spanOrder: number;
  readonly rootSpanId: string;
  readonly #parent: PlacedSpan<Span> | null;

  constructor(
    span: Span,
    parent: PlacedSpan<Span> | null,
    place: { readonly spanOrder: number; readonly rootSpanId: string },
  ) {
    this.span = span;
    this.#parent = parent;
    this.depth = parent === null ? 0 : parent.depth + 1;
    this.spanOrder = place.spanOrder;
    this.rootSpanId = place.rootSpanId;
  }

  get path(): readonly string[] {
    const ids = [this.span.spanId];
    for (let node = this.#parent; node !== null; node = node.#parent) ids.push(node.span.spanId);
    return ids.toReversed();
  }
}

/** Each trace's spans, sorted and without repeats. */
function tracesOf<Span extends TreeSpan>(spans: readonly Span[]): readonly (readonly Span[])[] {
  const traces = new Map<string, Map<string, Span>>();
  for (const span of spans.toSorted(byStart)) {
    let trace = traces.get(span.traceId);
    if (trace === undefined) traces.set(span.traceId, (trace = new Map()));
    if (!trace.has(span.spanId)) trace.set(span.spanId, span);
  }
  return Array.from(traces.values(), (trace) => [...trace.values()]);
}

/**
 * Several SDKs take starts from a clock of milliseconds and ends from a finer one: of spans that seem to start
 * together the one that ended first came first. Trace id last: it orders traces whose earliest spans are alike.
 */
function byStart(left: TreeSpan, right: TreeSpan): number {
  return (
    compare(left.startTimeUnixNano, right.startTimeUnixNano) ||
    compare(left.endTimeUnixNano, right.endTimeUnixNano) ||
    compare(left.spanId, right.spanId) ||
    compare(left.traceId, right.traceId)
  );
}

function compare<Value extends bigint | string>(left: Value, right: Value): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `trace`: spans of one trace by start. Appends their nodes. */
function placeTrace<Span extends TreeSpan>(
  trace: readonly Span[],
  nodes: PlacedSpan<Span>[],
): void {
  const { roots, childrenOf } = familyOf(trace);
  const rootSpanId = (roots[0] ?? trace[0])?.spanId ?? "";
  const reached = new Set<string>();
  const place = (span: Span, parent: PlacedSpan<Span> | null) => {
    const node = new PlacedSpan(span, parent, { spanOrder: nodes.length, rootSpanId });
    nodes.push(node);
    reached.add(span.spanId);
    return node;
  };
  // A list of what is still to visit instead of recursion: chains of 100,000 spans occur.
  const waiting: { span: Span; parent: PlacedSpan<Span> | null }[] = [];
  for (const span of roots.toReversed()) waiting.push({ span, parent: null });
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const node = place(next.span, next.parent);
    const children = childrenOf.get(next.span.spanId) ?? [];
    for (const span of children.toReversed()) waiting.push({ span, parent: node });
  }
  for (const span of trace) if (!reached.has(span.spanId)) place(span, null);
}

function familyOf<Span extends TreeSpan>(trace: readonly Span[]) {
  const roots: Span[] = [];
  const childrenOf = new Map<string, Span[]>();
  for (const span of trace) {
    const siblings = span.parentSpanId === null ? roots : childrenOf.get(span.parentSpanId);
    if (siblings !== undefined) siblings.push(span);
    else if (span.parentSpanId !== null) childrenOf.set(span.parentSpanId, [span]);
  }
  return { roots, childrenOf };
}
