import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { traceDetailOf, type MadeSpan } from "./trace-detail.fixture.ts";
import { concatPages } from "./trace-rows.ts";
import { ancestorsOf, matchingRows, placeOf, visibleRows } from "./visible-rows.ts";

const spans: readonly MadeSpan[] = [
  { depth: 0, name: "Answer" },
  { depth: 1, name: "chat gpt" },
  { depth: 2, name: "http", status: 2 },
  { depth: 1, name: "search" },
  { depth: 2, name: "http" },
];
const rows = concatPages([traceDetailOf(spans)]);
const all = { collapsed: new Set<string>(), errorsOnly: false };

describe("visibleRows", () => {
  it.each<[string, object, readonly number[]]>([
    ["everything", {}, [0, 1, 2, 3, 4]],
    ["a folded subtree", { collapsed: new Set(["s1"]) }, [0, 1, 3, 4]],
    ["a folded root", { collapsed: new Set(["s0", "s3"]) }, [0]],
    ["errors and what leads there", { errorsOnly: true }, [0, 1, 2]],
    ["both", { errorsOnly: true, collapsed: new Set(["s1"]) }, [0, 1]],
  ])("%s", (_case, choice, expected) => {
    expect([...visibleRows(rows, { ...all, ...choice })]).toEqual(expected);
  });

  it("shows a row exactly when no ancestor is folded, whatever the tree", () => {
    const shape = fc.array(fc.tuple(fc.nat(3), fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(shape, (steps) => {
        let depth = 0;
        const made = steps.map(([step], row) => {
          depth = row === 0 ? 0 : Math.max(0, Math.min(depth + 1, depth + 2 - step));
          return { depth };
        });
        const tree = concatPages([traceDetailOf(made)]);
        const folded = new Set(steps.flatMap(([, fold], row) => (fold ? [`s${String(row)}`] : [])));
        const expected = made
          .map((_, row) => row)
          .filter((row) => ancestorsOf(tree, row).every((at) => !folded.has(tree.spanId(at))));
        expect([...visibleRows(tree, { ...all, collapsed: folded })]).toEqual(expected);
      }),
    );
  });
});

it.each<[string, readonly number[]]>([
  ["HTTP", [2, 4]],
  ["  chat ", [1]],
  ["shop", [0, 1, 2, 3, 4]],
  ["s3", [3]],
  ["", []],
  ["nothing", []],
])("finds '%s'", (text, expected) => {
  expect(matchingRows(rows, text)).toEqual(expected);
});

it.each([
  [[], 3, -1],
  [[1, 4, 9], 0, -1],
  [[1, 4, 9], 4, 1],
  [[1, 4, 9], 5, 1],
  [[1, 4, 9], 99, 2],
])("in %j row %i is at %i", (visible, row, place) => {
  expect(placeOf(visible, row)).toBe(place);
});
