import type { ChartColours } from "../../chart/chart-colours.ts";
import { formatDuration } from "../../format/number.ts";
import { ticksOf, type TimeWindow } from "./time-window.ts";
import { STATUS_ERROR, type TraceRows } from "./trace-rows.ts";

export const ROW_HEIGHT_PX = 26;
const BAR_HEIGHT_PX = 12;
/** A span of no length is seen too. */
const SHORTEST_BAR_PX = 2;

export interface SpanColours extends ChartColours {
  /** By kind as the API names it; `null` under the empty text. */
  readonly kind: (kind: string | null) => string;
  readonly text: string;
  readonly selected: string;
  readonly hover: string;
}

export interface Waterfall {
  readonly rows: TraceRows;
  readonly visible: Int32Array;
  readonly window: TimeWindow;
  readonly selectedRow: number;
  readonly hoverPlace: number;
  /** Rows that the search found. */
  readonly matches: ReadonlySet<number>;
}

export interface PaintArea {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly scrollTopPx: number;
}

/** Draws the rows that are on the screen, and nothing else: its cost does not grow with the trace. */
export function paintWaterfall(
  context: CanvasRenderingContext2D,
  waterfall: Waterfall,
  area: PaintArea,
  colours: SpanColours,
): void {
  const { widthPx, heightPx, scrollTopPx } = area;
  const { visible, selectedRow, hoverPlace } = waterfall;
  context.clearRect(0, 0, widthPx, heightPx);
  const first = Math.max(0, Math.floor(scrollTopPx / ROW_HEIGHT_PX));
  const last = Math.min(visible.length - 1, Math.ceil((scrollTopPx + heightPx) / ROW_HEIGHT_PX));
  const topOf = (place: number) => place * ROW_HEIGHT_PX - scrollTopPx;
  for (let place = first; place <= last; place += 1) {
    const isSelected = visible[place] === selectedRow;
    if (!isSelected && place !== hoverPlace) continue;
    context.fillStyle = isSelected ? colours.selected : colours.hover;
    context.fillRect(0, topOf(place), widthPx, ROW_HEIGHT_PX);
  }
  paintGrid(context, waterfall.window, area, colours);
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  for (let place = first; place <= last; place += 1) {
    paintBar(
      context,
      waterfall,
      { row: visible[place] ?? 0, topPx: topOf(place), widthPx },
      colours,
    );
  }
}

export const GRID_TICKS = 6;

function paintGrid(
  context: CanvasRenderingContext2D,
  window: TimeWindow,
  { widthPx, heightPx }: PaintArea,
  { grid }: SpanColours,
): void {
  context.fillStyle = grid;
  for (const tick of ticksOf(window, GRID_TICKS)) {
    context.fillRect(Math.round(placeInWindow(tick, window) * widthPx), 0, 1, heightPx);
  }
}

export function placeInWindow(ns: number, { fromNs, toNs }: TimeWindow): number {
  return (ns - fromNs) / (toNs - fromNs);
}

interface BarPlace {
  readonly row: number;
  readonly topPx: number;
  readonly widthPx: number;
}

function paintBar(
  context: CanvasRenderingContext2D,
  { rows, window, matches }: Waterfall,
  { row, topPx, widthPx }: BarPlace,
  colours: SpanColours,
): void {
  const durationNs = rows.durationNs(row);
  const left = placeInWindow(rows.startNs(row), window) * widthPx;
  const right = placeInWindow(rows.startNs(row) + durationNs, window) * widthPx;
  const middle = topPx + ROW_HEIGHT_PX / 2;
  if (right < 0 || left > widthPx) {
    paintOutside(context, right < 0 ? "left" : "right", { middle, widthPx }, colours);
    return;
  }
  const from = Math.max(0, Math.min(left, widthPx - SHORTEST_BAR_PX));
  const width = Math.max(SHORTEST_BAR_PX, Math.min(right, widthPx) - from);
  const top = middle - BAR_HEIGHT_PX / 2;
  context.fillStyle = colours.kind(rows.genAiKind(row));
  context.fillRect(from, top, width, BAR_HEIGHT_PX);
  if (matches.has(row)) {
    context.fillStyle = colours.warning;
    context.fillRect(from, top + BAR_HEIGHT_PX + 1, Math.max(width, 6), 2);
  }
  const isFailed = rows.status(row) === STATUS_ERROR;
  paintLabel(context, `${isFailed ? "✕ " : ""}${formatDuration(durationNs / 1000)}`, {
    from,
    to: from + width,
    middle,
    widthPx,
    colour: isFailed ? colours.alert : colours.axis,
    surface: colours.surface,
  });
}

/** An arrow at the edge behind which the span lies. */
function paintOutside(
  context: CanvasRenderingContext2D,
  side: "left" | "right",
  { middle, widthPx }: { readonly middle: number; readonly widthPx: number },
  { axis }: SpanColours,
): void {
  context.fillStyle = axis;
  context.textAlign = side === "left" ? "left" : "right";
  context.fillText(side === "left" ? "‹" : "›", side === "left" ? 3 : widthPx - 3, middle);
}

interface LabelPlace {
  readonly from: number;
  readonly to: number;
  readonly middle: number;
  readonly widthPx: number;
  readonly colour: string;
  readonly surface: string;
}

/** At the right of the bar, else at its left, else on it. */
function paintLabel(context: CanvasRenderingContext2D, text: string, place: LabelPlace): void {
  const { from, to, middle, widthPx, colour, surface } = place;
  const length = context.measureText(text).width + 12;
  const fitsRight = to + length <= widthPx;
  const fitsLeft = from - length >= 0;
  context.textAlign = fitsRight ? "left" : "right";
  context.fillStyle = fitsRight || fitsLeft ? colour : surface;
  context.fillText(text, fitsRight ? to + 5 : fitsLeft ? from - 5 : to - 5, middle);
}

/** The whole trace on a small strip: a line for every span, from top to bottom in the order of the tree. */
export function paintMinimap(
  context: CanvasRenderingContext2D,
  rows: TraceRows,
  whole: TimeWindow,
  { widthPx, heightPx }: Omit<PaintArea, "scrollTopPx">,
  colours: SpanColours,
): void {
  context.clearRect(0, 0, widthPx, heightPx);
  const lineHeight = Math.max(1, Math.min(4, heightPx / rows.count));
  // What others lie in is painted first and faint, failed spans last: neither may hide the rest.
  for (const layer of ["around", "inner", "failed"] as const) {
    context.globalAlpha = layer === "around" ? 0.35 : 1;
    for (let row = 0; row < rows.count; row += 1) {
      if (layerOf(rows, row) !== layer) continue;
      const left = placeInWindow(rows.startNs(row), whole) * widthPx;
      const width = Math.max(1, (rows.durationNs(row) / (whole.toNs - whole.fromNs)) * widthPx);
      context.fillStyle = layer === "failed" ? colours.alert : colours.kind(rows.genAiKind(row));
      context.fillRect(left, (row / rows.count) * (heightPx - lineHeight), width, lineHeight);
    }
  }
  context.globalAlpha = 1;
}

function layerOf(rows: TraceRows, row: number): "around" | "inner" | "failed" {
  if (rows.status(row) === STATUS_ERROR) return "failed";
  return rows.endOfSubtree(row) > row + 1 ? "around" : "inner";
}
