import type { OverviewBucket, TraceHistogramBucket } from "@scouter/contracts";
import type { ChartSeries } from "../../chart/chart-series.ts";
import { instantMs } from "../../format/time.ts";

interface Stretch {
  readonly start: string;
  readonly end: string;
}

/** Middles of the buckets: where bars stand. */
export function middlesMs(buckets: readonly Stretch[]): readonly number[] {
  return buckets.map(({ start, end }) => (instantMs(start) + instantMs(end)) / 2);
}

/** The part is drawn over the whole, so that it reads as a share of it. */
export function traceSeries(buckets: readonly TraceHistogramBucket[]): readonly ChartSeries[] {
  return [
    { label: "all traces", values: buckets.map(({ ok, error }) => ok + error), form: "bars" },
    {
      label: "with errors",
      values: buckets.map(({ error }) => error),
      form: "bars",
      colour: (colours) => colours.alert,
    },
  ];
}

const MICROSECOND_NS = 1000;

/** In microseconds; a bucket without traces is a gap. */
export function durationSeries(buckets: readonly TraceHistogramBucket[]): readonly ChartSeries[] {
  const inMicroseconds = (ns: number | null) => (ns === null ? null : ns / MICROSECOND_NS);
  return [
    {
      label: "p50",
      values: buckets.map(({ p50_duration_ns: ns }) => inMicroseconds(ns)),
    },
    {
      label: "p95",
      values: buckets.map(({ p95_duration_ns: ns }) => inMicroseconds(ns)),
    },
  ];
}

export function recordSeries(buckets: readonly OverviewBucket[]): readonly ChartSeries[] {
  return [
    {
      label: "tasks",
      values: buckets.map(({ tasks }) => tasks.passed + tasks.failed + tasks.errored),
      form: "bars",
      colour: (colours) => colours.series[5] ?? colours.neutral,
    },
    {
      label: "records",
      values: buckets.map(({ records_evaluated: records }) => records),
      form: "bars",
      colour: (colours) => colours.series[0] ?? colours.axis,
    },
  ];
}

/** Of 1; a bucket in which no task was counted is a gap, never 0. */
export function passRateSeries(buckets: readonly OverviewBucket[]): readonly ChartSeries[] {
  return [
    {
      label: "pass rate",
      values: buckets.map(({ tasks: { passed, failed, errored } }) => {
        const counted = passed + failed + errored;
        return counted === 0 ? null : passed / counted;
      }),
    },
  ];
}

export function windowSeries(buckets: readonly OverviewBucket[]): readonly ChartSeries[] {
  return [
    {
      label: "windows",
      values: buckets.map(({ windows }) => windows.done + windows.failed),
      form: "bars",
    },
    {
      label: "with an alert or failed",
      values: buckets.map(({ windows }) => windows.alerting + windows.failed),
      form: "bars",
      colour: (colours) => colours.alert,
    },
  ];
}

export function alertSeries(buckets: readonly OverviewBucket[]): readonly ChartSeries[] {
  return [
    {
      label: "alerts that opened",
      values: buckets.map(({ alerts_fired: fired }) => fired),
      form: "bars",
      colour: (colours) => colours.alert,
    },
  ];
}
