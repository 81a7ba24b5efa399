import { describe, expect, it } from "vitest";
import { traceDetailOf } from "./trace-detail.fixture.ts";
import { concatPages } from "./trace-rows.ts";

const rowNumbers = (count: number) => Array.from({ length: count }, (_, row) => row);

describe("concatPages", () => {
  const depths = [0, 1, 2, 2, 1, 0, 1];
  const rows = concatPages([traceDetailOf(depths.map((depth) => ({ depth })))]);

  it("knows parents, positions and where a subtree ends", () => {
    const all = rowNumbers(rows.count);
    expect(all.map(rows.parentRow)).toEqual([-1, 0, 1, 1, 0, -1, 5]);
    expect(all.map(rows.position)).toEqual([1, 1, 1, 2, 2, 2, 1]);
    expect(all.map(rows.siblings)).toEqual([2, 2, 2, 2, 2, 2, 1]);
    expect(all.map(rows.endOfSubtree)).toEqual([5, 4, 3, 4, 5, 7, 7]);
    expect(rows.rowOf("s4")).toBe(4);
    expect(rows.rowOf("nowhere")).toBeUndefined();
  });

  it("puts pages together", () => {
    const first = traceDetailOf([{ depth: 0, name: "a" }]);
    const second = traceDetailOf([{ depth: 1, name: "b" }]);
    const both = concatPages([
      first,
      { ...second, offset: 1, spans: { ...second.spans, span_id: ["t"], orphans: [0] } },
    ]);
    expect(both.count).toBe(2);
    expect([both.name(0), both.name(1)]).toEqual(["a", "b"]);
    expect([both.parentRow(1), both.isOrphan(0), both.isOrphan(1)]).toEqual([0, false, true]);
  });

  it("counts tokens of a subtree once", () => {
    const spans = [
      { depth: 0, input: 30, output: 3 },
      { depth: 1, input: 10, output: 1 },
      { depth: 1, input: 20, output: 2 },
      { depth: 0, input: 5 },
      { depth: 1 },
    ];
    const counted = concatPages([traceDetailOf(spans)]);
    expect(rowNumbers(5).map(counted.tokens)).toEqual([
      { input: 30, output: 3 },
      { input: 10, output: 1 },
      { input: 20, output: 2 },
      { input: 5, output: 0 },
      { input: 0, output: 0 },
    ]);
  });
});
