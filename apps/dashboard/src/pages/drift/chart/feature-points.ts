import type { CellStatus, DriftGrid, GridCell, GridWindow } from "@scouter/contracts";
import { instantMs } from "../../../format/time.ts";
import type { TimeSpan } from "../../../time/time-range.ts";

/** A feature over time; where nothing was measured between two windows stands a point without anything. */
export interface FeaturePoint {
  readonly atMs: number;
  /** Undefined: a gap. */
  readonly windowId: string | undefined;
  readonly status: CellStatus | undefined;
  readonly value: number | null;
  readonly threshold: number | null;
}

/** One point a window at its end, and gaps where windows are left out. */
export function featurePoints(grid: DriftGrid, feature: string): readonly FeaturePoint[] {
  const cells = grid.features.find(({ name }) => name === feature)?.cells ?? [];
  return grid.windows.flatMap((window, column) => {
    const point = pointOf(window, cells[column] ?? null);
    const before = grid.windows[column - 1];
    if (before !== undefined && isNext(before, window)) return [point];
    // The threshold holds from the window's start on: drawn from there, one window alone has a line too.
    const startMs = Math.min(instantMs(window.window_start), point.atMs - 1);
    const start: FeaturePoint = { ...point, atMs: startMs, status: undefined, value: null };
    return before === undefined
      ? [start, point]
      : [gapBetween(instantMs(before.window_end), startMs), start, point];
  });
}

function isNext(before: GridWindow, window: GridWindow): boolean {
  return instantMs(window.window_start) <= instantMs(before.window_end);
}

function pointOf(window: GridWindow, cell: GridCell | null): FeaturePoint {
  return {
    atMs: instantMs(window.window_end),
    windowId: String(window.id),
    status: cell?.status,
    value: cell?.value ?? null,
    threshold: cell?.threshold ?? null,
  };
}

function gapBetween(fromMs: number, toMs: number): FeaturePoint {
  return {
    atMs: (fromMs + toMs) / 2,
    windowId: undefined,
    status: undefined,
    value: null,
    threshold: null,
  };
}

/** Room at both sides, so that the first and the last point are whole; a single window stands in the middle. */
export function spanAround({ windows }: DriftGrid): TimeSpan {
  const first = windows[0];
  const last = windows.at(-1);
  if (first === undefined || last === undefined) return { fromMs: 0, toMs: 1 };
  const fromMs = instantMs(first.window_end);
  const toMs = instantMs(last.window_end);
  const windowMs = Math.max(1000, toMs - instantMs(last.window_start));
  const roomMs = Math.max(windowMs, (toMs - fromMs) * 0.03);
  return { fromMs: fromMs - roomMs, toMs: toMs + roomMs };
}
