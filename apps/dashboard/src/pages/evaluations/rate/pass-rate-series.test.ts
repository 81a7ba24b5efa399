import { expect, it } from "vitest";
import { passRateSeries } from "./pass-rate-series.ts";

const bucket = (start: string, end: string) => ({ start, end });
const none = { passed: 0, failed: 0, errored: 0, skipped: 0 };

it("a bucket without a counted task is a gap in the rates and 0 in the records", () => {
  const { timesMs, rates, records } = passRateSeries({
    buckets: [
      {
        ...bucket("2026-11-22T10:00:00Z", "2026-11-22T10:10:00Z"),
        records: 2,
        tasks: { ...none, passed: 3, failed: 1 },
        pass_rate: 0.75,
        lower: 0.3,
        upper: 0.95,
      },
      {
        ...bucket("2026-11-22T10:10:00Z", "2026-11-22T10:20:00Z"),
        records: 0,
        tasks: none,
        pass_rate: null,
        lower: null,
        upper: null,
      },
    ],
  });
  expect(timesMs).toEqual([Date.parse("2026-11-22T10:05:00Z"), Date.parse("2026-11-22T10:15:00Z")]);
  expect(rates.map(({ values }) => values)).toEqual([
    [0.75, null],
    [0.3, null],
    [0.95, null],
  ]);
  expect(records[0]?.values).toEqual([2, 0]);
});
