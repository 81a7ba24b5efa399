/** What of a span its place in a trace depends on. */
export interface LayoutSpan {
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly startTimeUnixNano: bigint;
  readonly durationNano: bigint;
}

/**
 * A trace as a forest, column by column: element i of every array is the i-th span in depth-first order. `Index`
 * columns point into the spans given.
 */
export interface TraceLayout {
  /** Which of the given spans stands here. Of repeated span ids the earliest; the others stand nowhere. */
  readonly spanIndex: Int32Array;
  /** 0 for a root or an orphan, else one more than the parent's. */
  readonly depth: Int32Array;
  /** Row of the parent, which is always smaller; -1 for roots and orphans. */
  readonly parentRow: Int32Array;
  readonly childCount: Int32Array;
  /** Rows below: the subtree of row i is i to i + descendantCount[i]. */
  readonly descendantCount: Int32Array;
  /** 1 when the span names a parent but does not stand below it: the parent did not arrive, or the span is in a cycle. */
  readonly isOrphan: Uint8Array;
  /** Row of the earliest span without parent, else of the earliest span; -1 without spans. */
  readonly rootRow: number;
  /** Earliest start; 0 without spans. */
  readonly startTimeUnixNano: bigint;
  /** Nanoseconds after it, in the order of the given spans. */
  readonly startOffset: Float64Array;
}

/**
 * Lays out the spans of one trace: parents before children, siblings by start, then end, then span id; every span once.
 *
 * Roots, orphans (whose parent did not arrive) and cycles (entered at their earliest span) are ordered among each other
 * in the same way, each with what is below it. The order of the input does not matter unless spans with one id differ in
 * nothing but the rest. One sort, then linear; no recursion, so depth is no limit.
 */
export function layoutTrace(spans: readonly LayoutSpan[]): TraceLayout {
  const times = timesOf(spans);
  const order = sortedOnce(spans, times);
  const rank = new Map<string, number>();
  for (const [position, index] of order.entries()) rank.set(idOf(spans, index), position);
  const family = familyOf(spans, order, rank);
  const walk = new Walk(order, family);
  // Positions run from early to late: what is not reached from a root begins at its earliest span.
  for (const position of topPositions(spans, order, rank)) walk.from(position);
  for (let position = 0; position < order.length; position += 1) walk.from(position);
  const ordered = walk.reordered(spans);
  return { ...ordered, startTimeUnixNano: times.earliest, startOffset: times.startOffset };
}

interface Times {
  readonly earliest: bigint;
  readonly startOffset: Float64Array;
  readonly endOffset: Float64Array;
}

/** Offsets are exact up to 104 days, which is more than one trace should last. */
function timesOf(spans: readonly LayoutSpan[]): Times {
  let earliest = spans[0]?.startTimeUnixNano ?? 0n;
  for (const { startTimeUnixNano } of spans) {
    if (startTimeUnixNano < earliest) earliest = startTimeUnixNano;
  }
  const startOffset = Float64Array.from(spans, (span) => Number(span.startTimeUnixNano - earliest));
  const endOffset = Float64Array.from(spans, (span) =>
    Number(span.startTimeUnixNano - earliest + span.durationNano),
  );
  return { earliest, startOffset, endOffset };
}

/** Indexes by start, end and id; of one id only the first. */
function sortedOnce(spans: readonly LayoutSpan[], times: Times): readonly number[] {
  const { startOffset, endOffset } = times;
  const indexes = Array.from(spans, (_, index) => index).sort(
    (left, right) =>
      at(startOffset, left) - at(startOffset, right) ||
      at(endOffset, left) - at(endOffset, right) ||
      compareText(idOf(spans, left), idOf(spans, right)) ||
      compareText(spans[left]?.parentSpanId ?? "", spans[right]?.parentSpanId ?? ""),
  );
  const seen = new Set<string>();
  return indexes.filter((index) => {
    const id = idOf(spans, index);
    return seen.has(id) ? false : seen.add(id);
  });
}

/** Children as linked lists over positions: first child and next sibling, -1 for none. */
interface Family {
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
}

function familyOf(
  spans: readonly LayoutSpan[],
  order: readonly number[],
  rank: ReadonlyMap<string, number>,
): Family {
  const firstChild = new Int32Array(order.length).fill(-1);
  const nextSibling = new Int32Array(order.length).fill(-1);
  // From late to early: each becomes the first of its siblings so far.
  for (let position = order.length - 1; position >= 0; position -= 1) {
    const parent = parentPosition(spans, order, rank, position);
    if (parent === undefined || parent === position) continue;
    nextSibling[position] = at(firstChild, parent);
    firstChild[parent] = position;
  }
  return { firstChild, nextSibling };
}

function parentPosition(
  spans: readonly LayoutSpan[],
  order: readonly number[],
  rank: ReadonlyMap<string, number>,
  position: number,
): number | undefined {
  const parent = spans[order[position] ?? -1]?.parentSpanId ?? null;
  return parent === null ? undefined : rank.get(parent);
}

/** Spans without a parent, or whose parent did not arrive. */
function topPositions(
  spans: readonly LayoutSpan[],
  order: readonly number[],
  rank: ReadonlyMap<string, number>,
): readonly number[] {
  return order.flatMap((_, position) =>
    parentPosition(spans, order, rank, position) === undefined ? position : [],
  );
}

/** The depth-first walk, row by row. */
class Walk {
  readonly #order: readonly number[];
  readonly #family: Family;
  readonly #rowOf: Int32Array;
  readonly #spanIndex: Int32Array;
  readonly #depth: Int32Array;
  readonly #parentRow: Int32Array;
  readonly #childCount: Int32Array;
  readonly #descendantCount: Int32Array;
  readonly #tops: number[] = [];
  #rows = 0;

  constructor(order: readonly number[], family: Family) {
    const length = order.length;
    this.#order = order;
    this.#family = family;
    this.#rowOf = new Int32Array(length).fill(-1);
    this.#spanIndex = new Int32Array(length);
    this.#depth = new Int32Array(length);
    this.#parentRow = new Int32Array(length).fill(-1);
    this.#childCount = new Int32Array(length);
    this.#descendantCount = new Int32Array(length);
  }

  /** Appends the position and everything below it that has no row yet. */
  from(top: number): void {
    if (at(this.#rowOf, top) >= 0) return;
    this.#tops.push(this.#rows);
    this.#enter(top, -1);
    // The row whose children are being walked; back up by parents, so that no stack grows with the depth.
    let row = this.#rows - 1;
    const next = new Map<number, number>([[row, at(this.#family.firstChild, top)]]);
    while (row >= 0) {
      const child = next.get(row) ?? -1;
      if (child < 0) {
        next.delete(row);
        row = this.#leave(row);
        continue;
      }
      next.set(row, at(this.#family.nextSibling, child));
      if (at(this.#rowOf, child) >= 0) continue; // the begin of a cycle
      this.#enter(child, row);
      row = this.#rows - 1;
      next.set(row, at(this.#family.firstChild, child));
    }
  }

  #enter(position: number, parentRow: number): void {
    const row = this.#rows++;
    this.#rowOf[position] = row;
    this.#spanIndex[row] = this.#order[position] ?? -1;
    this.#parentRow[row] = parentRow;
    if (parentRow < 0) return;
    this.#depth[row] = at(this.#depth, parentRow) + 1;
    this.#childCount[parentRow] = at(this.#childCount, parentRow) + 1;
  }

  #leave(row: number): number {
    this.#descendantCount[row] = this.#rows - 1 - row;
    return at(this.#parentRow, row);
  }

  /** The columns, with cycles moved among the other tops by start. */
  reordered(spans: readonly LayoutSpan[]): Omit<TraceLayout, "startTimeUnixNano" | "startOffset"> {
    const positionOfRow = new Int32Array(this.#rows);
    for (const [position, row] of this.#rowOf.entries()) positionOfRow[row] = position;
    const tops = this.#tops.toSorted(
      (left, right) => at(positionOfRow, left) - at(positionOfRow, right),
    );
    const rows = new Int32Array(this.#rows);
    const shift = new Int32Array(this.#rows);
    let filled = 0;
    for (const top of tops) {
      const end = top + at(this.#descendantCount, top);
      for (let row = top; row <= end; row += 1) {
        shift[filled] = filled - row;
        rows[filled++] = row;
      }
    }
    const moved = (column: Int32Array) => rows.map((row) => at(column, row));
    const spanIndex = moved(this.#spanIndex);
    const parentRow = moved(this.#parentRow).map((parent, row) =>
      parent < 0 ? -1 : parent + at(shift, row),
    );
    const isOrphan = Uint8Array.from(spanIndex, (index, row) =>
      at(parentRow, row) < 0 && spans[index]?.parentSpanId !== null ? 1 : 0,
    );
    const firstRoot = isOrphan.findIndex((orphan, row) => orphan === 0 && at(parentRow, row) < 0);
    return {
      spanIndex,
      parentRow,
      depth: moved(this.#depth),
      childCount: moved(this.#childCount),
      descendantCount: moved(this.#descendantCount),
      isOrphan,
      rootRow: firstRoot >= 0 ? firstRoot : earliestRow(spanIndex, this.#order),
    };
  }
}

function earliestRow(spanIndex: Int32Array, order: readonly number[]): number {
  return spanIndex.indexOf(order[0] ?? -1);
}

/** Typed arrays are read within their bounds here; the checker cannot know. */
function at(column: Int32Array | Float64Array, index: number): number {
  return column[index] ?? -1;
}

function idOf(spans: readonly LayoutSpan[], index: number): string {
  return spans[index]?.spanId ?? "";
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
