import type { DictionaryColumn, TraceDetail } from "@scouter/contracts";

/** OpenTelemetry's status of a failed span. */
export const STATUS_ERROR = 2;

/**
 * The spans of a trace in depth-first order, by row. Columns stay as they came: objects for 20,000 spans would take longer
 * to make than to draw.
 */
export interface TraceRows {
  readonly count: number;
  readonly spanId: (row: number) => string;
  /** -1 for roots, and for spans whose parent did not arrive. */
  readonly parentRow: (row: number) => number;
  readonly depth: (row: number) => number;
  readonly name: (row: number) => string;
  readonly service: (row: number) => string;
  readonly genAiKind: (row: number) => string | null;
  /** After the trace's start. */
  readonly startNs: (row: number) => number;
  readonly durationNs: (row: number) => number;
  readonly status: (row: number) => number;
  readonly errorsBelow: (row: number) => number;
  /** Row of the next sibling or uncle; `count` when there is none. */
  readonly endOfSubtree: (row: number) => number;
  /** Tokens of the row's subtree; a wrapper around spans that report theirs is left out, as in the trace's totals. */
  readonly tokens: (row: number) => TokenPair;
  readonly isOrphan: (row: number) => boolean;
  /** Position among its siblings, from 1. */
  readonly position: (row: number) => number;
  readonly siblings: (row: number) => number;
  readonly rowOf: (spanId: string) => number | undefined;
}

export interface TokenPair {
  readonly input: number;
  readonly output: number;
}

/** @param pages one after the other, the first at offset 0 */
export function concatPages(pages: readonly TraceDetail[]): TraceRows {
  const all = pages.map(({ spans }) => spans);
  const ids = all.flatMap(({ span_id }) => span_id);
  const count = ids.length;
  const depths = all.flatMap(({ depth }) => depth);
  const descendants = all.flatMap(({ descendant_count }) => descendant_count);
  const names = all.flatMap(({ name }) => texts(name));
  const services = all.flatMap(({ service }) => texts(service));
  const kinds = all.flatMap(({ genai_kind }) => texts(genai_kind));
  const starts = all.flatMap(({ start_offset_ns }) => start_offset_ns);
  const durations = all.flatMap(({ duration_ns }) => duration_ns);
  const statuses = all.flatMap(({ status }) => status);
  const errors = all.flatMap(({ errors_below }) => errors_below);
  const orphans = new Set(
    pages.flatMap(({ spans, offset }) => spans.orphans.map((at) => at + offset)),
  );
  const tree = treeOf(depths);
  const tokens = subtreeTokens(tree.parents, {
    input: all.flatMap(({ input_tokens }) => input_tokens),
    output: all.flatMap(({ output_tokens }) => output_tokens),
  });
  const rowOf = new Map<string, number>();
  for (const [row, id] of ids.entries()) if (!rowOf.has(id)) rowOf.set(id, row);
  return {
    count,
    spanId: (row) => ids[row] ?? "",
    parentRow: (row) => tree.parents[row] ?? -1,
    depth: (row) => depths[row] ?? 0,
    name: (row) => names[row] ?? "",
    service: (row) => services[row] ?? "",
    genAiKind: (row) => kinds[row] ?? null,
    startNs: (row) => starts[row] ?? 0,
    durationNs: (row) => durations[row] ?? 0,
    status: (row) => statuses[row] ?? 0,
    errorsBelow: (row) => errors[row] ?? 0,
    endOfSubtree: (row) => Math.min(count, row + 1 + (descendants[row] ?? 0)),
    tokens: (row) => ({ input: tokens.input[row] ?? 0, output: tokens.output[row] ?? 0 }),
    isOrphan: (row) => orphans.has(row),
    position: (row) => tree.positions[row] ?? 1,
    siblings: (row) => tree.children[(tree.parents[row] ?? -1) + 1] ?? 1,
    rowOf: (spanId) => rowOf.get(spanId),
  };
}

function texts({ values, rows }: DictionaryColumn): readonly (string | null)[] {
  return rows.map((at) => values[at] ?? null);
}

/** `children` counts those of row i at i + 1, and the roots at 0. */
function treeOf(depths: readonly number[]) {
  const parents = new Int32Array(depths.length).fill(-1);
  const positions = new Int32Array(depths.length);
  const children = new Int32Array(depths.length + 1);
  const path: number[] = [];
  for (const [row, depth] of depths.entries()) {
    path.length = Math.min(path.length, depth);
    const parent = path.at(-1) ?? -1;
    parents[row] = parent;
    const position = (children[parent + 1] ?? 0) + 1;
    children[parent + 1] = position;
    positions[row] = position;
    path.push(row);
  }
  return { parents, positions, children };
}

interface TokenColumns {
  readonly input: readonly (number | null)[];
  readonly output: readonly (number | null)[];
}

function subtreeTokens(parents: Int32Array, own: TokenColumns) {
  const input = new Float64Array(parents.length);
  const output = new Float64Array(parents.length);
  // Children come after their parents, so backwards every sum is complete when it is looked at.
  for (let row = parents.length - 1; row >= 0; row -= 1) {
    if (input[row] === 0 && output[row] === 0) {
      input[row] = own.input[row] ?? 0;
      output[row] = own.output[row] ?? 0;
    }
    const parent = parents[row] ?? -1;
    if (parent === -1) continue;
    input[parent] = (input[parent] ?? 0) + (input[row] ?? 0);
    output[parent] = (output[parent] ?? 0) + (output[row] ?? 0);
  }
  return { input, output };
}
