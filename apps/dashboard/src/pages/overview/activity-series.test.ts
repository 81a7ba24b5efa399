import type { OverviewBucket, TraceHistogramBucket } from "@scouter/contracts";
import { expect, it } from "vitest";
import {
  durationSeries,
  middlesMs,
  passRateSeries,
  recordSeries,
  traceSeries,
  windowSeries,
} from "./activity-series.ts";

const stretch = { start: "2026-01-01T00:00:00Z", end: "2026-01-01T00:10:00Z" };
const bucket = (passed: number, failed: number): OverviewBucket => ({
  ...stretch,
  records_evaluated: 2,
  tasks: { passed, failed, errored: 0, skipped: 7 },
  windows: { done: 4, alerting: 1, failed: 2 },
  alerts_fired: 1,
});
const traces: TraceHistogramBucket = {
  ...stretch,
  ok: 3,
  error: 1,
  p50_duration_ns: 2_000_000,
  p95_duration_ns: null,
};
const valuesOf = (series: readonly { readonly values: readonly unknown[] }[]) =>
  series.map(({ values }) => values);

it("draws bars in the middle of their bucket", () => {
  expect(middlesMs([stretch])).toEqual([Date.parse("2026-01-01T00:05:00Z")]);
});

it("has a gap where no task was counted", () => {
  expect(valuesOf(passRateSeries([bucket(3, 1), bucket(0, 0)]))).toEqual([[0.75, null]]);
});

it.each([
  ["traces and those with errors", traceSeries([traces]), [[4], [1]]],
  ["durations in microseconds", durationSeries([traces]), [[2000], [null]]],
  ["tasks without those skipped", recordSeries([bucket(3, 1)]), [[4], [2]]],
  ["windows and those that need a look", windowSeries([bucket(3, 1)]), [[6], [3]]],
])("counts %s", (_name, series, values) => {
  expect(valuesOf(series)).toEqual(values);
});
