import type { CellStatus, DriftGrid } from "@scouter/contracts";
import { useMemo } from "react";
import type { ChartColours } from "../../../chart/chart-colours.ts";
import type { ChartSeries } from "../../../chart/chart-series.ts";
import { TimeSeriesChart } from "../../../chart/time-series-chart.tsx";
import { cellLook, measureOf } from "../cell-look.ts";
import { featurePoints, spanAround, type FeaturePoint } from "./feature-points.ts";

interface FeatureChartProps {
  readonly grid: DriftGrid;
  readonly feature: string;
  readonly onWindow: (windowId: string) => void;
}

/** The value of every window against the threshold that held in it. A click on a point chooses its window. */
export function FeatureChart({ grid, feature, onWindow }: FeatureChartProps) {
  const { kind } = grid.profile;
  const drawn = useMemo(() => {
    const points = featurePoints(grid, feature);
    return { points, timesMs: points.map(({ atMs }) => atMs), span: spanAround(grid) };
  }, [feature, grid]);
  const series = useMemo(() => seriesOf(drawn.points, measureOf(kind)), [drawn, kind]);
  return (
    <TimeSeriesChart
      title={`${measureOf(kind)} of ${feature} by window`}
      unit={kind === "Agent" ? "ratio" : "number"}
      timesMs={drawn.timesMs}
      series={series}
      span={drawn.span}
      heightPx={230}
      onPoint={(index) => {
        const windowId = drawn.points[index]?.windowId;
        if (windowId !== undefined) onWindow(windowId);
      }}
    />
  );
}

const pointColours: readonly (readonly [CellStatus, (colours: ChartColours) => string])[] = [
  ["ok", (colours) => colours.ok],
  ["alert", (colours) => colours.alert],
  ["too_few_samples", (colours) => colours.warning],
];

/** The line, the threshold as steps, and points by what was found; only those that occur. */
function seriesOf(points: readonly FeaturePoint[], measure: string): readonly ChartSeries[] {
  const hasThreshold = points.some(({ threshold }) => threshold !== null);
  return [
    { label: measure, values: points.map(({ value }) => value), form: "line" },
    ...(hasThreshold
      ? [
          {
            label: "threshold of the window",
            values: points.map(({ threshold }) => threshold),
            form: "step" as const,
            dashed: true,
            colour: (colours: ChartColours) => colours.axis,
          },
        ]
      : []),
    ...pointColours
      .filter(([status]) => points.some((point) => point.status === status && point.value !== null))
      .map(([status, colour]): ChartSeries => ({
        label: cellLook(status).word,
        values: points.map((point) => (point.status === status ? point.value : null)),
        form: "points",
        colour,
      })),
  ];
}
