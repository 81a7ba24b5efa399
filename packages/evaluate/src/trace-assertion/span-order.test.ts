import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeSpans, wholeMs } from "./span-order.ts";
import { traceOf, traces } from "@scouter/testkit/golden/golden-traces";

const shown = (spans: Parameters<typeof placeSpans>[0]) =>
  placeSpans(spans).spans.map(({ span, depth }) => `${span.name} ${depth}`);

describe("placeSpans", () => {
  it("goes depth first", () => {
    expect(shown(traces.nested)).toEqual(["init 0", "process 1", "db_query 2", "finalize 2"]);
  });

  it("does not depend on the order of arrival", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...traces.pattern], { minLength: traces.pattern.length }),
        (spans) => {
          expect(shown(spans)).toEqual(shown(traces.pattern));
        },
      ),
    );
  });

  it("takes a span whose parent is elsewhere for a root, and keeps the shape below it", () => {
    const [, ...rest] = traces.nested;
    expect(shown(rest)).toEqual(["process 0", "db_query 1", "finalize 1"]);
  });

  it("breaks circles of parents at the earliest span", () => {
    const [a, b] = traceOf([
      { name: "a", depth: 0, ms: 1 },
      { name: "b", depth: 1, ms: 1 },
    ]);
    if (a === undefined || b === undefined) throw new Error("expected two spans");
    expect(shown([b, { ...a, parentSpanId: b.spanId }])).toEqual(["a 0", "b 1"]);
    expect(shown([{ ...a, parentSpanId: a.spanId }])).toEqual(["a 0"]);
  });

  it("bears a chain of 50,000 spans", () => {
    const chain = traceOf([{ name: "s", depth: 0, ms: 1 }]).flatMap((first) =>
      Array.from({ length: 50_000 }, (_, index) => ({
        ...first,
        spanId: String(index).padStart(16, "0"),
        ...(index === 0 ? {} : { parentSpanId: String(index - 1).padStart(16, "0") }),
      })),
    );
    expect(placeSpans(chain).spans.at(-1)?.depth).toBe(49_999);
  });

  it("places every span once", () => {
    const edges = fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(edges, (parents) => {
        const [first] = traces.simple;
        if (first === undefined) throw new Error("expected a span");
        const spans = parents.map((parent, index) => ({
          ...first,
          spanId: `s${index}`,
          parentSpanId: `s${parent}`,
        }));
        const placed = placeSpans(spans).spans.map(({ span }) => span.spanId);
        expect(placed.toSorted()).toEqual(spans.map(({ spanId }) => spanId).toSorted());
      }),
    );
  });
});

describe("wholeMs", () => {
  it.each([
    [0, 50, 50],
    [1_700_000_000_000.123, 1_700_000_000_050.123, 50],
    [0, 49.9, 49],
    [10, 5, 0],
  ])("from %d to %d: %d", (start, end, expected) => {
    expect(wholeMs(start, end)).toBe(expected);
  });
});
