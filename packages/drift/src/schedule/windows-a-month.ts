import type { Schedule } from "./schedule.ts";

const DAY_MS = 86_400_000;
const YEAR_DAYS = 365;
const DAYS_A_MONTH = 365.25 / 12;
/** Beyond this many the first ones tell the rate. */
const MOST_SLOTS = 800;

/** How many windows a schedule makes in an average month, from the year that begins at `nowMs`; 0 when it has ended. */
export function windowsAMonth(schedule: Schedule, nowMs: number): number {
  let count = 0;
  let last = nowMs;
  for (const slot of schedule.slotsBetween(nowMs, nowMs + YEAR_DAYS * DAY_MS)) {
    count += 1;
    last = slot;
    if (count === MOST_SLOTS) return (count / ((last - nowMs) / DAY_MS)) * DAYS_A_MONTH;
  }
  return (count / YEAR_DAYS) * DAYS_A_MONTH;
}
