import { formatUnit, type Unit } from "../format/unit.ts";
import type { ChartSeries } from "./chart-series.ts";

/** A chart in words, for those who do not see it. */
export function seriesSummary(series: readonly ChartSeries[], unit: Unit): string {
  return series.map((one) => describe(one, unit)).join(" ");
}

function describe({ label, values }: ChartSeries, unit: Unit): string {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return `${label}: no data.`;
  const least = known.reduce((a, b) => Math.min(a, b));
  const most = known.reduce((a, b) => Math.max(a, b));
  const text = (value: number) => formatUnit(value, unit);
  return `${label}: ${String(known.length)} of ${String(values.length)} points, least ${text(least)}, most ${text(most)}, newest ${text(last)}.`;
}
