import type { PassRateChart } from "@scouter/contracts";
import { Button, SimpleGrid, Text } from "@mantine/core";
import { useMemo } from "react";
import { useChartColours } from "../../../chart/chart-colours.ts";
import { TimeSeriesChart } from "../../../chart/time-series-chart.tsx";
import { StatCard } from "../../../figure/stat-card.tsx";
import { formatCount, formatDuration, formatPercent } from "../../../format/number.ts";
import { Section } from "../../../page/section.tsx";
import type { TimeSpan } from "../../../time/time-range.ts";
import { countsText, intervalText } from "../outcome-look.ts";
import { intervalBand } from "../../../chart/interval-band.ts";
import { passRateSeries } from "./pass-rate-series.ts";

interface PassRateSectionProps {
  readonly chart: PassRateChart;
  readonly span: TimeSpan;
  /** Takes the choice of one task away. */
  readonly onAllTasks: () => void;
}

const WHOLE = [0, 1] as const;

/** How the profile (or one of its tasks) did: in figures, then by bucket. */
export function PassRateSection({ chart, span, onAllTasks }: PassRateSectionProps) {
  return (
    <>
      <Totals chart={chart} />
      <Section
        title="Pass rate over time"
        actions={
          chart.task !== null && (
            <Button size="compact-xs" variant="default" onClick={onAllTasks}>
              Show all tasks
            </Button>
          )
        }
      >
        {chart.total.records === 0 ? (
          <Text size="sm" c="dimmed">
            Nothing was evaluated in the chosen time.
          </Text>
        ) : (
          <Charts chart={chart} span={span} />
        )}
      </Section>
    </>
  );
}

function Charts({ chart, span }: Pick<PassRateSectionProps, "chart" | "span">) {
  const colours = useChartColours();
  const bands = useMemo(() => [intervalBand(colours.series[0] ?? colours.axis)], [colours]);
  const { timesMs, rates, records } = useMemo(() => passRateSeries(chart), [chart]);
  const of = chart.task === null ? "all tasks but gates" : `task ${chart.task}`;
  const bucket = formatDuration(chart.bucket_seconds * 1e6);
  return (
    <>
      <TimeSeriesChart
        title={`Pass rate of ${of}, by ${bucket}`}
        unit="ratio"
        timesMs={timesMs}
        series={rates}
        span={span}
        valueRange={WHOLE}
        plugins={bands}
        heightPx={190}
      />
      <TimeSeriesChart
        title={`Records evaluated, by ${bucket}`}
        unit="count"
        timesMs={timesMs}
        series={records}
        span={span}
        heightPx={110}
      />
    </>
  );
}

function Totals({ chart: { total, task } }: { readonly chart: PassRateChart }) {
  const { tasks } = total;
  const interval = intervalText(total.lower, total.upper);
  return (
    <SimpleGrid cols={{ base: 2, md: 3, xl: 6 }} spacing="sm">
      <StatCard
        label={task === null ? "Pass rate" : `Pass rate of ${task}`}
        value={formatPercent(total.pass_rate)}
        detail={interval === undefined ? "nothing counted" : `95 % interval ${interval}`}
      />
      <StatCard
        label="Records evaluated"
        value={formatCount(total.records)}
        detail="in the chosen time"
      />
      <StatCard label="Passed" value={formatCount(tasks.passed)} detail={countsText(tasks)} />
      <StatCard label="Failed" value={formatCount(tasks.failed)} detail="expected something else" />
      <StatCard label="Errored" value={formatCount(tasks.errored)} detail="could not be checked" />
      <StatCard label="Skipped" value={formatCount(tasks.skipped)} detail="by gates, not counted" />
    </SimpleGrid>
  );
}
