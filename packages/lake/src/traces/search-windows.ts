import type { SpanFileBounds } from "../table/span-file.ts";
import type { TimeRange } from "./trace-queries.ts";

/** Spans that the first window should hold; each one after it holds this many times more. */
export const FIRST_WINDOW_SPANS = 5_000;
const GROWTH = 4;

/**
 * Divides a range into windows, newest first, by what the files say they hold: the newest traces of a busy hour are
 * found without looking at the day, and a quiet month is one window. Together the windows are the range, without gaps
 * or overlaps.
 *
 * A plan only: pure, from the files' bounds. The rows of a file are taken to lie evenly over its time, those of one whose
 * bounds are not known over the range. Where that is wrong, a window is larger or smaller than it should be.
 */
export function searchWindows(
  files: readonly SpanFileBounds[],
  range: TimeRange,
): readonly TimeRange[] {
  const extents = files.map((file) => extentOf(file, range));
  const windows: TimeRange[] = [];
  let wanted = FIRST_WINDOW_SPANS;
  let { toNano } = range;
  while (toNano > range.fromNano) {
    const fromNano = beginOfWindow(extents, range.fromNano, toNano, wanted);
    windows.push({ fromNano, toNano });
    toNano = fromNano;
    wanted *= GROWTH;
  }
  return windows;
}

interface Extent {
  readonly records: number;
  readonly fromNano: bigint;
  /** Not included. */
  readonly toNano: bigint;
}

function extentOf(
  { records, minStartNano, maxStartNano }: SpanFileBounds,
  range: TimeRange,
): Extent {
  const fromNano = minStartNano ?? range.fromNano;
  const toNano = (maxStartNano ?? range.toNano - 1n) + 1n;
  return { records, fromNano, toNano: toNano > fromNano ? toNano : fromNano + 1n };
}

/** The latest begin with which a window holds as much as wanted, else the earliest there is: found by halving. */
function beginOfWindow(
  extents: readonly Extent[],
  earliest: bigint,
  toNano: bigint,
  wanted: number,
): bigint {
  const isEnough = (fromNano: bigint) => recordsIn(extents, fromNano, toNano) >= wanted;
  let enough = earliest;
  let tooLate = toNano;
  if (!isEnough(enough)) return earliest;
  while (tooLate - enough > 1n) {
    const middle = (enough + tooLate) / 2n;
    if (isEnough(middle)) enough = middle;
    else tooLate = middle;
  }
  return enough;
}

function recordsIn(extents: readonly Extent[], fromNano: bigint, toNano: bigint): number {
  let sum = 0;
  for (const extent of extents) {
    const from = extent.fromNano > fromNano ? extent.fromNano : fromNano;
    const to = extent.toNano < toNano ? extent.toNano : toNano;
    if (to <= from) continue;
    sum += (extent.records * Number(to - from)) / Number(extent.toNano - extent.fromNano);
  }
  return sum;
}
