import { formatTime, timeZoneName } from "../format/time.ts";
import { formatUnit, type Unit } from "../format/unit.ts";
import type { ChartSeries } from "./chart-series.ts";

interface SeriesTableProps {
  readonly title: string;
  readonly unit: Unit;
  readonly timesMs: readonly number[];
  readonly series: readonly ChartSeries[];
}

/** What a chart shows, to be read line by line, newest first. */
export function SeriesTable({ title, unit, timesMs, series }: SeriesTableProps) {
  const order = timesMs.map((_, at) => at).toReversed();
  return (
    <div className="chart-table" tabIndex={0} role="region" aria-label={`${title} as a table`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Time ({timeZoneName()})</th>
            {series.map(({ label }) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {order.map((at) => (
            <tr key={at}>
              <th scope="row">{formatTime(timesMs[at] ?? 0)}</th>
              {series.map(({ label, values }) => (
                <td key={label}>{formatUnit(values[at], unit)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
