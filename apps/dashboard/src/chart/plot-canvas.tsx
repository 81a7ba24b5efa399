import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { formatTime } from "../format/time.ts";
import { formatUnit, type Unit } from "../format/unit.ts";
import type { TimeSpan } from "../time/time-range.ts";
import type { ChartColours } from "./chart-colours.ts";
import type { ChartSeries } from "./chart-series.ts";
import { timeTicks } from "./time-ticks.ts";
import "uplot/dist/uPlot.min.css";

interface PlotCanvasProps {
  readonly timesMs: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly span: TimeSpan;
  readonly unit: Unit;
  readonly colours: ChartColours;
  readonly heightPx: number;
  readonly valueRange: readonly [number, number] | undefined;
  readonly plugins: readonly uPlot.Plugin[] | undefined;
  readonly onZoom: (span: TimeSpan) => void;
  readonly onPoint: ((index: number) => void) | undefined;
}

/** The canvas of a chart. It is made anew when its form changes; new data of the same form is only handed over. */
export function PlotCanvas(props: PlotCanvasProps) {
  const { colours, unit, heightPx, series, plugins } = props;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const newest = useRef(props);
  newest.current = props;
  const form = series
    .map((one) => `${one.label}/${one.form ?? ""}/${String(one.dashed)}`)
    .join("|");

  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const made = new uPlot(optionsOf(newest, element.clientWidth), dataOf(newest.current), element);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height: heightPx });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [colours, form, heightPx, plugins, unit]);

  useEffect(() => {
    plot.current?.setData(dataOf(newest.current));
  }, [props.timesMs, props.series, props.span.fromMs, props.span.toMs]);

  return <div ref={holder} className="chart-canvas" aria-hidden="true" />;
}

type Newest = React.RefObject<PlotCanvasProps>;

/** The library counts in seconds. */
function dataOf({ timesMs, series }: PlotCanvasProps): uPlot.AlignedData {
  return [timesMs.map((ms) => ms / 1000), ...series.map(({ values }) => [...values])];
}

function optionsOf(newest: Newest, width: number): uPlot.Options {
  const { colours, unit, heightPx, plugins } = newest.current;
  const axis = {
    stroke: colours.axis,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { stroke: colours.grid, width: 1 },
    font: "12px system-ui, sans-serif",
  };
  return {
    width: Math.max(80, width),
    height: heightPx,
    legend: { show: false },
    cursor: {
      drag: { x: true, y: false, setScale: false },
      points: { size: 7 },
      bind: { dblclick: () => null },
    },
    scales: {
      x: {
        time: true,
        range: () => [newest.current.span.fromMs / 1000, newest.current.span.toMs / 1000],
      },
      y: { range: (_plot, least, most) => valueRange(newest.current, least, most) },
    },
    axes: [
      { ...axis, values: (_plot, ticks, _axis, _space, stepS) => timeTicks(ticks, stepS) },
      { ...axis, size: 62, values: (_plot, ticks) => ticks.map((tick) => formatUnit(tick, unit)) },
    ],
    series: [{}, ...newest.current.series.map((one, at) => seriesOptions(one, at, colours))],
    hooks: { setSelect: [(plot) => zoom(plot, newest)] },
    plugins: [tooltip(newest), ...(plugins ?? [])],
  };
}

function valueRange(
  { valueRange: fixed }: PlotCanvasProps,
  least: number,
  most: number,
): [number, number] {
  if (fixed !== undefined) return [fixed[0], fixed[1]];
  // Nothing known: any axis will do, but one there must be.
  if (!Number.isFinite(least) || !Number.isFinite(most)) return [0, 1];
  const top =
    most === least ? most + Math.max(1, Math.abs(most) * 0.1) : most + (most - least) * 0.08;
  return [Math.min(0, least), top];
}

function seriesOptions(one: ChartSeries, at: number, colours: ChartColours): uPlot.Series {
  const colour =
    one.colour?.(colours) ?? colours.series[at % colours.series.length] ?? colours.axis;
  const { stepped, bars } = uPlot.paths;
  const common = {
    label: one.label,
    stroke: colour,
    width: 1.5,
    ...(one.dashed === true ? { dash: [6, 4] } : {}),
  };
  switch (one.form ?? "line") {
    case "bars":
      return {
        ...common,
        fill: colour,
        width: 0,
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars({ size: [0.8, 40] }) }),
      };
    case "step":
      return { ...common, ...(stepped === undefined ? {} : { paths: stepped({ align: 1 }) }) };
    case "points":
      return { ...common, paths: () => null, points: { show: true, size: 7, fill: colour } };
    case "line":
      return { ...common, points: { size: 5, fill: colour, filter: isolatedPoints } };
  }
}

/** A value between two gaps has no line: without a point nobody would see it. */
function isolatedPoints(plot: uPlot, series: number, show: boolean): number[] | null {
  if (show) return null;
  const values = plot.data[series] ?? [];
  return [...values.keys()].filter(
    (at) => values[at] != null && values[at - 1] == null && values[at + 1] == null,
  );
}

/** Less than this is a click with an unsteady hand. */
const SHORTEST_DRAG_PX = 5;

function zoom(plot: uPlot, { current }: Newest): void {
  const { left, width } = plot.select;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (width < SHORTEST_DRAG_PX) {
    const { idx } = plot.cursor;
    if (typeof idx === "number") current.onPoint?.(idx);
    return;
  }
  const at = (px: number) => plot.posToVal(px, "x") * 1000;
  current.onZoom({ fromMs: at(left), toMs: at(left + width) });
}

/** Time and values under the pointer. Set as text: labels come from users. */
function tooltip(newest: Newest): uPlot.Plugin {
  const box = document.createElement("div");
  box.className = "chart-tooltip";
  box.hidden = true;
  return {
    hooks: {
      init: (plot) => {
        plot.over.append(box);
        plot.over.addEventListener("click", () => {
          const { idx } = plot.cursor;
          if (typeof idx === "number" && plot.select.width === 0) newest.current.onPoint?.(idx);
        });
      },
      setCursor: (plot) => {
        const { idx, left = -1 } = plot.cursor;
        box.hidden = typeof idx !== "number" || left < 0;
        if (typeof idx !== "number" || left < 0) return;
        const { timesMs, series, unit } = newest.current;
        const lines = series.map(
          ({ label, values }) => `${label}  ${formatUnit(values[idx], unit)}`,
        );
        box.textContent = [formatTime(timesMs[idx] ?? 0), ...lines].join("\n");
        const isRight = left > plot.over.clientWidth / 2;
        box.style.left = isRight ? "auto" : `${String(left + 12)}px`;
        box.style.right = isRight ? `${String(plot.over.clientWidth - left + 12)}px` : "auto";
      },
    },
  };
}
