import { Button, Group, Text } from "@mantine/core";
import { useId, useMemo, useState } from "react";
import type uPlot from "uplot";
import { timeZoneName } from "../format/time.ts";
import { unitWords, type Unit } from "../format/unit.ts";
import type { TimeSpan } from "../time/time-range.ts";
import { useTimeRange } from "../time/use-time-range.ts";
import { useChartColours } from "./chart-colours.ts";
import type { ChartSeries } from "./chart-series.ts";
import { PlotCanvas } from "./plot-canvas.tsx";
import { SeriesTable } from "./series-table.tsx";
import { seriesSummary } from "./series-summary.ts";
import "./chart.css";

interface TimeSeriesChartProps {
  /** What is drawn: heading and name for screen readers. */
  readonly title: string;
  readonly unit: Unit;
  /** Milliseconds since 1970, ascending; one for each value of every series. */
  readonly timesMs: readonly number[];
  readonly series: readonly ChartSeries[];
  /** The whole axis, also where there is no data. */
  readonly span: TimeSpan;
  readonly heightPx?: number;
  /** Fixes the vertical axis, such as `[0, 1]` for ratios. */
  readonly valueRange?: readonly [number, number];
  /** Draws on the canvas: thresholds, bands, markers. */
  readonly plugins?: readonly uPlot.Plugin[];
  /** After a drag; the address's range when absent. */
  readonly onZoom?: (span: TimeSpan) => void;
  /** After a click near a point: its place in `timesMs`. */
  readonly onPoint?: (index: number) => void;
}

/** One measure over time: units on the axis, zone named, drag to zoom, and the same as a table. */
export function TimeSeriesChart(props: TimeSeriesChartProps) {
  const { title, unit, timesMs, series, span } = props;
  const id = useId();
  const colours = useChartColours();
  const { zoomTo } = useTimeRange();
  const [asTable, setAsTable] = useState(false);
  const summary = useMemo(() => seriesSummary(series, unit), [series, unit]);
  return (
    <figure className="chart" aria-labelledby={id}>
      <Group justify="space-between" wrap="nowrap">
        <Text id={id} size="sm" fw={600} component="figcaption">
          {title} <span className="chart-unit">({unitWords[unit]})</span>
        </Text>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          c="dimmed"
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          Table
        </Button>
      </Group>
      {asTable ? (
        <SeriesTable title={title} unit={unit} timesMs={timesMs} series={series} />
      ) : (
        <>
          <PlotCanvas
            timesMs={timesMs}
            series={series}
            span={span}
            unit={unit}
            colours={colours}
            heightPx={props.heightPx ?? 200}
            valueRange={props.valueRange}
            plugins={props.plugins}
            onZoom={props.onZoom ?? zoomTo}
            onPoint={props.onPoint}
          />
          <p className="visually-hidden">{summary}</p>
        </>
      )}
      <Group gap="md" className="chart-legend">
        {series.map(({ label, colour }, at) => (
          <span key={label}>
            <span
              className="chart-key"
              style={{
                background: colour?.(colours) ?? colours.series[at % colours.series.length],
              }}
            />
            {label}
          </span>
        ))}
        <span className="chart-zone">times in {timeZoneName()}</span>
      </Group>
    </figure>
  );
}
