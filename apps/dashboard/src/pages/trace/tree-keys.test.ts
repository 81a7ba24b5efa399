import { expect, it } from "vitest";
import { traceDetailOf } from "./trace-detail.fixture.ts";
import { concatPages } from "./trace-rows.ts";
import { treeStep, type TreeStep } from "./tree-keys.ts";
import { visibleRows } from "./visible-rows.ts";

const rows = concatPages([traceDetailOf([0, 1, 2, 2, 1].map((depth) => ({ depth })))]);

const select = (row: number): TreeStep => ({ do: "select", row });
const fold = (row: number): TreeStep => ({ do: "fold", row });

it.each<[string, number, readonly string[], TreeStep | undefined]>([
  ["j", 0, [], select(1)],
  ["ArrowDown", 4, [], select(4)],
  ["ArrowDown", 1, ["s1"], select(4)],
  ["k", 0, [], select(0)],
  ["ArrowUp", 4, ["s1"], select(1)],
  ["PageDown", 0, [], select(2)],
  ["PageUp", 4, [], select(2)],
  ["End", 0, [], select(4)],
  ["Home", 3, [], select(0)],
  ["ArrowRight", 1, ["s1"], fold(1)],
  ["ArrowRight", 1, [], select(2)],
  ["ArrowRight", 3, [], undefined],
  ["ArrowLeft", 1, [], fold(1)],
  ["ArrowLeft", 1, ["s1"], select(0)],
  ["ArrowLeft", 3, [], select(1)],
  ["ArrowLeft", 0, ["s0"], undefined],
  ["Enter", 1, [], fold(1)],
  [" ", 2, [], undefined],
  ["x", 2, [], undefined],
])("%s in row %i with %j folded", (key, row, folded, expected) => {
  const collapsed = new Set(folded);
  const step = treeStep(key, {
    rows,
    row,
    visible: visibleRows(rows, { collapsed, errorsOnly: false }),
    isFolded: (at) => collapsed.has(rows.spanId(at)),
    pageRows: 2,
  });
  expect(step).toEqual(expected);
});
