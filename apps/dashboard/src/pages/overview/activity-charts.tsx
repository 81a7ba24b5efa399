import { SimpleGrid } from "@mantine/core";
import type { Overview } from "@scouter/contracts";
import { useMemo } from "react";
import {
  alertSeries,
  middlesMs,
  passRateSeries,
  recordSeries,
  windowSeries,
} from "./activity-series.ts";
import { CHART_HEIGHT_PX } from "./chart-height.ts";
import { TraceCharts } from "./trace-charts.tsx";
import { TimeSeriesChart } from "../../chart/time-series-chart.tsx";
import type { InSpan } from "../../api/queries.ts";
import { Section } from "../../page/section.tsx";

const WHOLE = [0, 1] as const;

/** What happened, over time: traffic, pass rate, drift, alerts. Dragging over one zooms all. */
export function ActivityCharts({ span, value }: InSpan<Overview>) {
  const drawn = useMemo(() => {
    const { buckets } = value;
    return {
      timesMs: middlesMs(buckets),
      records: recordSeries(buckets),
      passRate: passRateSeries(buckets),
      windows: windowSeries(buckets),
      alerts: alertSeries(buckets),
    };
  }, [value]);
  const common = { timesMs: drawn.timesMs, span, heightPx: CHART_HEIGHT_PX };
  return (
    <Section title="Over time">
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="lg" verticalSpacing="lg">
        <TraceCharts />
        <TimeSeriesChart title="Evaluated" unit="count" series={drawn.records} {...common} />
        <TimeSeriesChart
          title="Pass rate"
          unit="ratio"
          series={drawn.passRate}
          valueRange={WHOLE}
          {...common}
        />
        <TimeSeriesChart title="Drift windows" unit="count" series={drawn.windows} {...common} />
        <TimeSeriesChart title="Alerts" unit="count" series={drawn.alerts} {...common} />
      </SimpleGrid>
    </Section>
  );
}
