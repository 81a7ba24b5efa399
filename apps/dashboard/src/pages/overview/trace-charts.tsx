import type { TraceHistogram } from "@scouter/contracts";
import { useMemo } from "react";
import { durationSeries, middlesMs, traceSeries } from "./activity-series.ts";
import { CHART_HEIGHT_PX } from "./chart-height.ts";
import { useTraceHistogram } from "./overview-queries.ts";
import type { InSpan } from "../../api/queries.ts";
import { TimeSeriesChart } from "../../chart/time-series-chart.tsx";
import { QueryState } from "../../page/query-state.tsx";

/** How many traces, and how long they took. */
export function TraceCharts() {
  const histogram = useTraceHistogram();
  return (
    <QueryState query={histogram} what="traces over time">
      {(value) => <Charts {...value} />}
    </QueryState>
  );
}

function Charts({ span, value: { buckets } }: InSpan<TraceHistogram>) {
  const drawn = useMemo(
    () => ({
      timesMs: middlesMs(buckets),
      traces: traceSeries(buckets),
      durations: durationSeries(buckets),
    }),
    [buckets],
  );
  const common = { timesMs: drawn.timesMs, span, heightPx: CHART_HEIGHT_PX };
  return (
    <>
      <TimeSeriesChart title="Traces" unit="count" series={drawn.traces} {...common} />
      <TimeSeriesChart
        title="Trace duration"
        unit="duration"
        series={drawn.durations}
        {...common}
      />
    </>
  );
}
