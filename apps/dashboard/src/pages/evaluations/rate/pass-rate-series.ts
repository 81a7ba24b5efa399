import type { PassRateChart } from "@scouter/contracts";
import type { ChartSeries } from "../../../chart/chart-series.ts";

export interface PassRateSeries {
  /** Middle of each bucket, in milliseconds since 1970. */
  readonly timesMs: readonly number[];
  /** Pass rate, then the lower and the upper end of its interval; null where nothing was counted. */
  readonly rates: readonly ChartSeries[];
  readonly records: readonly ChartSeries[];
}

export function passRateSeries({ buckets }: Pick<PassRateChart, "buckets">): PassRateSeries {
  return {
    timesMs: buckets.map(({ start, end }) => (Date.parse(start) + Date.parse(end)) / 2),
    rates: [
      { label: "Pass rate", values: buckets.map(({ pass_rate }) => pass_rate) },
      {
        label: "95 % interval from",
        values: buckets.map(({ lower }) => lower),
        colour: ({ series }) => series[0] ?? "",
      },
      {
        label: "to",
        values: buckets.map(({ upper }) => upper),
        colour: ({ series }) => series[0] ?? "",
      },
    ],
    records: [
      {
        label: "Records evaluated",
        values: buckets.map(({ records }) => records),
        form: "bars",
        colour: ({ neutral }) => neutral,
      },
    ],
  };
}
