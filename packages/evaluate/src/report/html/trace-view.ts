import type { RunSpan } from "@scouter/contracts";
import { markup, type Markup, nothing } from "./markup.ts";

/** Spans of one trace on the page; the rest is counted. */
const SHOWN_SPANS = 200;

interface PlacedSpan {
  readonly span: RunSpan;
  readonly depth: number;
}

/** A repeat's trace as an indented list with bars on one time line; nothing without spans. */
export function traceView(spans: readonly RunSpan[]): Markup {
  if (spans.length === 0) return nothing;
  const begin = spans.reduce((first, { start_ms }) => Math.min(first, start_ms), Infinity);
  const end = spans.reduce((last, own) => Math.max(last, own.start_ms + own.duration_ms), begin);
  const length = Math.max(end - begin, Number.MIN_VALUE);
  const share = (ms: number) => `${String(Number(((ms / length) * 100).toFixed(2)))}%`;
  const placed = placedSpans(spans);
  const rest = placed.length - SHOWN_SPANS;
  const lines = placed.slice(0, SHOWN_SPANS).map(({ span, depth }) => {
    const isFailed = span.status === "error";
    return markup`<li>
      <span class="what" style="padding-left:${Math.min(depth, 12) * 0.8}rem" title="${span.name}"
        >${span.name}${isFailed ? markup` <span class="failed">error</span>` : nothing}</span
      ><span class="when"
        ><span
          class="${isFailed ? "failed" : ""}"
          style="left:${share(span.start_ms - begin)};width:${share(span.duration_ms)}"
        ></span></span
      ><span class="long">${duration(span.duration_ms)}</span>
    </li>`;
  });
  return markup`<details class="trace">
    <summary>trace: ${spans.length} spans, ${duration(end - begin)}</summary>
    <ol class="spans">
      ${lines}
    </ol>
    ${rest > 0 ? markup`<p>and ${rest} more spans</p>` : nothing}
  </details>`;
}

/** Depth first, children by their start; a span whose parent is not there is a root, and a cycle is cut. */
function placedSpans(spans: readonly RunSpan[]): readonly PlacedSpan[] {
  const known = new Set(spans.map(({ span_id }) => span_id));
  const childrenOf = Map.groupBy(spans, ({ parent_span_id }) =>
    parent_span_id !== null && known.has(parent_span_id) ? parent_span_id : "",
  );
  const seen = new Set<RunSpan>();
  const placed: PlacedSpan[] = [];
  const open = (own: readonly RunSpan[], depth: number) =>
    own.toSorted((a, b) => b.start_ms - a.start_ms).map((span): PlacedSpan => ({ span, depth }));
  const stack = open(childrenOf.get("") ?? [], 0);
  const visit = () => {
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (seen.has(next.span)) continue;
      seen.add(next.span);
      placed.push(next);
      const { span_id } = next.span;
      if (span_id !== "") stack.push(...open(childrenOf.get(span_id) ?? [], next.depth + 1));
    }
  };
  visit();
  for (const lost of spans) {
    stack.push({ span: lost, depth: 0 });
    visit();
  }
  return placed;
}

function duration(ms: number): string {
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(2)} s` : `${String(Math.round(ms))} ms`;
}
