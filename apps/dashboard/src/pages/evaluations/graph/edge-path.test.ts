import { expect, it } from "vitest";
import { edgePath, labelPlace } from "./edge-path.ts";

it("curves from column to column", () => {
  const points = [
    { x: 200, y: 10 },
    { x: 280, y: 60 },
  ];
  expect(edgePath(points)).toBe("M200 10C240 10 240 60 280 60");
  expect(labelPlace(points)).toEqual({ x: 272, y: 55 });
});

it("goes straight through a column between", () => {
  const points = [
    { x: 200, y: 10 },
    { x: 280, y: 60 },
    { x: 480, y: 60 },
    { x: 560, y: 10 },
  ];
  expect(edgePath(points)).toBe("M200 10C240 10 240 60 280 60L480 60C520 60 520 10 560 10");
});
