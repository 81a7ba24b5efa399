import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildTraceTree, type TreeSpan } from "./build-trace-tree.ts";

/** `id`, its parent, start and end (start when absent). */
type Brief = readonly [id: string, parent: string | null, start: number, end?: number];

const spansOf = (traceId: string, briefs: readonly Brief[]): TreeSpan[] =>
  briefs.map(([spanId, parentSpanId, start, end = start]) => ({
    traceId,
    spanId,
    parentSpanId,
    startTimeUnixNano: BigInt(start),
    endTimeUnixNano: BigInt(end),
  }));

const drawn = (spans: readonly TreeSpan[]) =>
  buildTraceTree(spans).map(
    (node) =>
      `${node.spanOrder} ${node.path.join("/")} depth ${node.depth} root ${node.rootSpanId}`,
  );

const CASES: readonly (readonly [name: string, briefs: readonly Brief[], tree: string[]])[] = [
  ["no spans", [], []],
  [
    "root and child",
    [
      ["r", null, 1],
      ["c", "r", 2],
    ],
    ["0 r depth 0 root r", "1 r/c depth 1 root r"],
  ],
  [
    "depth first, siblings by start",
    [
      ["r", null, 1],
      ["late", "r", 9],
      ["early", "r", 3],
      ["deep", "late", 10],
      ["leaf", "early", 4],
    ],
    [
      "0 r depth 0 root r",
      "1 r/early depth 1 root r",
      "2 r/early/leaf depth 2 root r",
      "3 r/late depth 1 root r",
      "4 r/late/deep depth 2 root r",
    ],
  ],
  [
    "siblings that start together, by end",
    [
      ["r", null, 1, 9],
      ["a", "r", 1, 8],
      ["b", "r", 1, 2],
    ],
    ["0 r depth 0 root r", "1 r/b depth 1 root r", "2 r/a depth 1 root r"],
  ],
  [
    "a child that starts before its parent",
    [
      ["r", null, 5],
      ["c", "r", 1],
    ],
    ["0 r depth 0 root r", "1 r/c depth 1 root r"],
  ],
  [
    "two roots, the earlier is the trace's",
    [
      ["b", null, 2],
      ["a", null, 1],
      ["c", "b", 3],
    ],
    ["0 a depth 0 root a", "1 b depth 0 root a", "2 b/c depth 1 root a"],
  ],
  ["a lone span with a missing parent", [["x", "gone", 1]], ["0 x depth 0 root x"]],
  [
    "spans under a missing parent, after the tree",
    [
      ["o", "gone", 1],
      ["p", "o", 2],
      ["r", null, 3],
    ],
    ["0 r depth 0 root r", "1 o depth 0 root r", "2 p depth 0 root r"],
  ],
  [
    "a cycle, each span once",
    [
      ["a", "b", 1],
      ["b", "a", 2],
    ],
    ["0 a depth 0 root a", "1 b depth 0 root a"],
  ],
  ["a span that is its own parent", [["a", "a", 1]], ["0 a depth 0 root a"]],
  [
    "a repeated span once, the earliest",
    [
      ["r", null, 1],
      ["c", "r", 3],
      ["c", "r", 2],
    ],
    ["0 r depth 0 root r", "1 r/c depth 1 root r"],
  ],
  [
    "equal starts by span id",
    [
      ["r", null, 1],
      ["b", "r", 1],
      ["a", "r", 1],
    ],
    ["0 r depth 0 root r", "1 r/a depth 1 root r", "2 r/b depth 1 root r"],
  ],
];

/** Any shape: parents may be missing, form cycles, or stand in another trace. */
const anySpans = fc.uniqueArray(
  fc.record({
    traceId: fc.constantFrom("t1", "t2"),
    spanId: fc.constantFrom("a", "b", "c", "d", "e", "f"),
    parentSpanId: fc.option(fc.constantFrom("a", "b", "c", "d", "e", "f", "gone")),
    startTimeUnixNano: fc.bigInt({ min: 0n, max: 5n }),
    endTimeUnixNano: fc.bigInt({ min: 5n, max: 9n }),
  }),
  { selector: (span) => span.traceId + span.spanId, maxLength: 16 },
);

describe("buildTraceTree", () => {
  it.each(CASES)("places %s", (_name, briefs, tree) => {
    expect(drawn(spansOf("t", briefs))).toEqual(tree);
  });

  it("keeps traces apart, also when they share span ids, and counts on over them", () => {
    const spans = [
      ...spansOf("t2", [
        ["r", null, 2],
        ["c", "r", 4],
      ]),
      ...spansOf("t1", [
        ["r", null, 1],
        ["d", "r", 3],
      ]),
    ];
    const nodes = buildTraceTree(spans);
    expect(nodes.map((node) => [node.span.traceId, ...node.path, node.spanOrder])).toEqual([
      ["t1", "r", 0],
      ["t1", "r", "d", 1],
      ["t2", "r", 2],
      ["t2", "r", "c", 3],
    ]);
  });

  it("gives the same tree for shuffled spans", () => {
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

  it("holds every span once, below its parent when that is reached", () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const nodes = buildTraceTree(spans);
        expect(new Set(nodes.map((node) => node.span))).toEqual(new Set(spans));
        expect(nodes.map((node) => node.spanOrder)).toEqual(spans.map((_, index) => index));
        for (const node of nodes) {
          expect(node.path).toHaveLength(node.depth + 1);
          expect(node.path.at(-1)).toBe(node.span.spanId);
          const above = node.depth === 0 ? node.span.parentSpanId : node.path.at(-2);
          expect(above).toBe(node.span.parentSpanId);
        }
      }),
    );
  });

  it("walks a chain of 100,000 spans", () => {
    const length = 100_000;
    const chain = spansOf(
      "t",
      Array.from({ length }, (_, index): Brief => [
        `s${index}`,
        index === 0 ? null : `s${index - 1}`,
        length - index,
      ]),
    );
    const nodes = buildTraceTree(chain);
    expect(nodes.at(-1)?.depth).toBe(length - 1);
    expect(nodes.at(-1)?.path).toHaveLength(length);
  });
});
