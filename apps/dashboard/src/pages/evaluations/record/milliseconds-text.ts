import { formatDuration, NO_VALUE } from "../../../format/number.ts";

/** The server measures whole milliseconds: 0 is not no time at all. */
export function millisecondsText(milliseconds: number | null): string {
  if (milliseconds === null) return NO_VALUE;
  return milliseconds < 1 ? "< 1 ms" : formatDuration(milliseconds * 1000);
}
