const WINDOW_SECONDS = 10;
/** Training a model and sending what it did take a quarter of a second; loaded machines need several times that. */
const LEAD_SECONDS = 3;

/**
 * Cron text of windows of 10 seconds, the first of which ends 3 to 4 seconds from now: what is sent at once falls into
 * one window without a wait for its begin, and that window is over soon.
 */
export function windowSchedule(nowMs: number): string {
  const first = (Math.ceil(nowMs / 1000) + LEAD_SECONDS) % WINDOW_SECONDS;
  const seconds = Array.from({ length: 60 / WINDOW_SECONDS }, (_, i) => first + i * WINDOW_SECONDS);
  return `${seconds.join(",")} * * * * *`;
}
