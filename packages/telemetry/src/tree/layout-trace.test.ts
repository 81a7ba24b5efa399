import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layoutTrace, type LayoutSpan } from "./layout-trace.ts";

type Brief = readonly [id: string, parent: string | null, start: number, duration?: number];

const spansOf = (briefs: readonly Brief[]): LayoutSpan[] =>
  briefs.map(([spanId, parentSpanId, start, duration = 0]) => ({
    spanId,
    parentSpanId,
    startTimeUnixNano: BigInt(start),
    durationNano: BigInt(duration),
  }));

/** One line a row: indented id, then children, descendants and a mark for orphans. */
function drawn(spans: readonly LayoutSpan[]): string[] {
  const layout = layoutTrace(spans);
  return Array.from(layout.spanIndex, (index, row) => {
    const mark = layout.isOrphan[row] === 1 ? "?" : "";
    const root = layout.rootRow === row ? "*" : "";
    const counts = `${layout.childCount[row]}/${layout.descendantCount[row]}`;
    return `${"-".repeat(layout.depth[row] ?? 0)}${spans[index]?.spanId}${mark}${root} ${counts}`;
  });
}

const CASES: readonly (readonly [name: string, briefs: readonly Brief[], rows: string[]])[] = [
  ["nothing", [], []],
  [
    "a tree, siblings by start",
    [
      ["late", "r", 9],
      ["early", "r", 3],
      ["leaf", "early", 4],
      ["r", null, 1],
    ],
    ["r* 2/3", "-early 1/1", "--leaf 0/0", "-late 0/0"],
  ],
  [
    "siblings that start together by end, then id",
    [
      ["r", null, 1, 9],
      ["a", "r", 1, 8],
      ["c", "r", 1, 2],
      ["b", "r", 1, 2],
    ],
    ["r* 3/3", "-b 0/0", "-c 0/0", "-a 0/0"],
  ],
  [
    "several roots by start, the earliest is the trace's",
    [
      ["b", null, 5],
      ["a", null, 2],
      ["c", "b", 6],
    ],
    ["a* 0/0", "b 1/1", "-c 0/0"],
  ],
  [
    "an orphan with what is below it, among the roots by start",
    [
      ["r", null, 3],
      ["o", "gone", 1],
      ["p", "o", 2],
    ],
    ["o? 1/1", "-p 0/0", "r* 0/0"],
  ],
  [
    "orphans alone: the earliest is the root",
    [
      ["o", "gone", 2],
      ["n", "gone", 1],
    ],
    ["n?* 0/0", "o? 0/0"],
  ],
  [
    "a cycle from its earliest span, with what hangs on it",
    [
      ["r", null, 9],
      ["a", "b", 2],
      ["b", "a", 1],
      ["x", "a", 3],
    ],
    ["b? 1/2", "-a 1/1", "--x 0/0", "r* 0/0"],
  ],
  ["a span that is its own parent", [["a", "a", 1]], ["a?* 0/0"]],
  [
    "a repeated span once, the earliest",
    [
      ["r", null, 1],
      ["c", "r", 3],
      ["c", "r", 2],
    ],
    ["r* 1/1", "-c 0/0"],
  ],
  [
    "a child that starts before its parent",
    [
      ["r", null, 5],
      ["c", "r", 1],
    ],
    ["r* 1/1", "-c 0/0"],
  ],
];

/** Any shape: parents may be missing or form cycles, ids repeat. */
const anySpans = fc.array(
  fc.record({
    spanId: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"),
    parentSpanId: fc.option(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "gone")),
    startTimeUnixNano: fc.bigInt({ min: 0n, max: 5n }),
    durationNano: fc.bigInt({ min: 0n, max: 4n }),
  }),
  { maxLength: 24 },
);

describe("layoutTrace", () => {
  it.each(CASES)("lays out %s", (_name, briefs, rows) => {
    expect(drawn(spansOf(briefs))).toEqual(rows);
  });

  it("holds every span id once, parents before children, children by start", () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const layout = layoutTrace(spans);
        const rows = Array.from(layout.spanIndex, (index) => spans[index]);
        const ids = rows.map((span) => span?.spanId);
        expect(new Set(ids)).toEqual(new Set(spans.map((span) => span.spanId)));
        expect(new Set(ids).size).toBe(ids.length);
        const lastStart = new Map<number, bigint>();
        for (const [row, span] of rows.entries()) {
          const parent = layout.parentRow[row] ?? -1;
          expect(parent).toBeLessThan(row);
          expect(layout.depth[row]).toBe(parent < 0 ? 0 : (layout.depth[parent] ?? 0) + 1);
          const above = parent < 0 ? span?.parentSpanId : rows[parent]?.spanId;
          expect(above).toBe(span?.parentSpanId);
          const orphan = parent < 0 && span?.parentSpanId !== null;
          expect(layout.isOrphan[row]).toBe(orphan ? 1 : 0);
          const start = span?.startTimeUnixNano ?? 0n;
          expect(start >= (lastStart.get(parent) ?? 0n)).toBe(true);
          lastStart.set(parent, start);
        }
      }),
    );
  });

  it("counts children and descendants as the parents say", () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { parentRow, childCount, descendantCount, depth } = layoutTrace(spans);
        const parents = [...parentRow];
        for (const row of parents.keys()) {
          expect(childCount[row]).toBe(parents.filter((parent) => parent === row).length);
          let end = row + 1;
          while (end < parents.length && (depth[end] ?? 0) > (depth[row] ?? 0)) end += 1;
          expect(descendantCount[row]).toBe(end - row - 1);
        }
      }),
    );
  });

  it("gives the same order for shuffled spans", () => {
    fc.assert(
      fc.property(
        anySpans.chain((spans) =>
          fc.tuple(
            fc.constant(spans),
            fc.shuffledSubarray(spans, { minLength: spans.length, maxLength: spans.length }),
          ),
        ),
        ([spans, shuffled]) => {
          expect(drawn(shuffled)).toEqual(drawn(spans));
        },
      ),
    );
  });

  it("walks 100,000 spans, 10,000 levels deep", () => {
    const levels = 10_000;
    const spans = spansOf(
      Array.from({ length: 100_000 }, (_, index): Brief => {
        const level = index % levels;
        return [`s${index}`, level === 0 ? null : `s${index - 1}`, index];
      }),
    ).toReversed();
    const layout = layoutTrace(spans);
    expect(layout.spanIndex).toHaveLength(100_000);
    expect(layout.depth.reduce((deepest, depth) => Math.max(deepest, depth), 0)).toBe(levels - 1);
    expect(layout.descendantCount[0]).toBe(levels - 1);
  });
});
