import type { ChartPoint } from "@scouter/database";

/** Points of each series, newest first. */
function newestFirst(
  points: readonly ChartPoint[],
): readonly (readonly [string, readonly ChartPoint[]])[] {
  const series = Map.groupBy(points, (point) => point.series);
  return [...series].map(([name, own]) => [name, own.toReversed()]);
}

export interface FeatureValues {
  created_at: string[];
  values: number[];
  counts: number[];
}

function countsOf(points: readonly ChartPoint[]): number[] {
  return points.map(({ count }) => count);
}

/** Averages of features: `{ "<feature>": { created_at, values } }`. */
export function averages(points: readonly ChartPoint[]) {
  const entries = newestFirst(points).map(([name, own]) => [
    name,
    {
      created_at: own.map(({ bucket }) => bucket),
      values: own.map(({ average }) => average),
      counts: countsOf(own),
    },
  ]);
  return Object.fromEntries(entries) as Record<string, FeatureValues>;
}

export interface BinnedMetric {
  metric: string;
  created_at: string[];
  counts: number[];
  stats: { avg: number; lower_bound: number; upper_bound: number }[];
}

/** Averages of metrics, each with one sample standard deviation to either side. */
export function binnedMetrics(points: readonly ChartPoint[]): Record<string, BinnedMetric> {
  const entries = newestFirst(points).map(([name, own]): [string, BinnedMetric] => [
    name,
    {
      metric: name,
      created_at: own.map(({ bucket }) => bucket),
      counts: countsOf(own),
      stats: own.map(({ average: avg, deviation }) => ({
        avg,
        lower_bound: avg - deviation,
        upper_bound: avg + deviation,
      })),
    },
  ]);
  return Object.fromEntries(entries);
}
