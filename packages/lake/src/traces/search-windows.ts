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
 * A plan only: pure, from the files' bounds. Files whose bounds are not known count for the newest window.
 */
export function searchWindows(
  files: readonly SpanFileBounds[],
  range: TimeRange,
): readonly TimeRange[] {
  const windows: TimeRange[] = [];
  let wanted = FIRST_WINDOW_SPANS;
  let held = 0;
  let toNano = range.toNano;
  for (const file of newestFirst(files, range)) {
    held += file.records;
    const fromNano = file.minStartNano ?? range.toNano;
    if (held < wanted || fromNano <= range.fromNano || fromNano >= toNano) continue;
    windows.push({ fromNano, toNano });
    toNano = fromNano;
    wanted *= GROWTH;
    held = 0;
  }
  if (toNano > range.fromNano) windows.push({ fromNano: range.fromNano, toNano });
  return windows;
}

/** Files that may hold spans of the range, the one that begins last first. */
function newestFirst(
  files: readonly SpanFileBounds[],
  range: TimeRange,
): readonly SpanFileBounds[] {
  return files
    .filter(
      ({ minStartNano, maxStartNano }) =>
        (minStartNano ?? range.fromNano) < range.toNano &&
        (maxStartNano ?? range.fromNano) >= range.fromNano,
    )
    .toSorted((left, right) => {
      const [a, b] = [left.minStartNano ?? range.toNano, right.minStartNano ?? range.toNano];
      return a < b ? 1 : a > b ? -1 : 0;
    });
}
