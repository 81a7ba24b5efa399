import { formatTime } from "../format/time.ts";
import type { TimeRange } from "./time-range.ts";

const words: readonly (readonly [string, number])[] = [
  ["week", 604_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

/** `last 24 hours`, or both ends */
export function rangeWords(range: TimeRange): string {
  if (range.kind === "between") return `${formatTime(range.fromMs)} to ${formatTime(range.toMs)}`;
  // "7 days" rather than "1 week", "24 hours" rather than "1 day": as people type them.
  const [word, ms] = words.find(
    ([, ms]) => range.durationMs % ms === 0 && range.durationMs > ms,
  ) ?? ["second", 1000];
  return `last ${String(Math.round((range.durationMs / ms) * 10) / 10)} ${word}s`;
}
