import type { DriftGrid } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { featurePoints, spanAround } from "./feature-points.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();
const windowOf = (id: number, endMinute: number) => ({
  id,
  window_start: at(endMinute - 1),
  window_end: at(endMinute),
  status: "done" as const,
  alerting: false,
  revised: 0,
  skipped_windows: 0,
  last_error: null,
});
const cell = (value: number, threshold: number) => ({
  status: "ok" as const,
  value,
  threshold,
  sample_size: 5,
  needed: null,
  rules: [],
});
const grid: DriftGrid = {
  start: at(0),
  end: at(60),
  profile: { uid: "u", space: "s", name: "n", version: "0.1.0", kind: "Psi" },
  windows: [windowOf(1, 10), windowOf(2, 11), windowOf(3, 31)],
  windows_truncated: false,
  features: [{ name: "wind", alerts: 0, cells: [cell(0.1, 0.3), null, cell(0.2, 0.1)] }],
  features_total: 1,
  expected_false_alarms_month: null,
};

describe("featurePoints", () => {
  it("has a point a window with the threshold of that very window, and gaps as gaps", () => {
    const points = featurePoints(grid, "wind");
    expect(points.map(({ windowId }) => windowId)).toEqual(["1", "1", "2", undefined, "3", "3"]);
    expect(points.map(({ value }) => value)).toEqual([null, 0.1, null, null, null, 0.2]);
    expect(points.map(({ threshold }) => threshold)).toEqual([0.3, 0.3, null, null, 0.1, 0.1]);
    expect(points.map(({ atMs }) => atMs)).toEqual(
      [9, 10, 11, 20.5, 30, 31].map((m) => Date.parse(at(m))),
    );
  });

  it("has nothing to draw of a feature that is not there", () => {
    expect(featurePoints(grid, "sun").every(({ value }) => value === null)).toBe(true);
  });
});

describe("spanAround", () => {
  it("leaves a window's room at both sides", () => {
    const minuteMs = 60_000;
    expect(spanAround(grid)).toEqual({
      fromMs: Date.parse(at(10)) - minuteMs,
      toMs: Date.parse(at(31)) + minuteMs,
    });
    expect(spanAround({ ...grid, windows: [] })).toEqual({ fromMs: 0, toMs: 1 });
  });
});
