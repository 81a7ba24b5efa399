import type { PassRateChart } from "@scouter/contracts";
import type { ChartColours } from "../../../chart/chart-colours.ts";
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
        label: "95 % interval, lower end",
        values: buckets.map(({ lower }) => lower),
        colour: paleOfFirst,
      },
      {
        label: "upper end",
        values: buckets.map(({ upper }) => upper),
        colour: paleOfFirst,
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

/** In the legend; the plot draws blocks in its place. */
function paleOfFirst({ series, surface }: ChartColours): string {
  return `color-mix(in srgb, ${series[0] ?? surface} 35%, ${surface})`;
}
