const DAY_MS = 86_400_000;
const DAY_NANO = 86_400_000_000_000n;

/**
 * Day (days since 1970-01-01, UTC) of the partition a span goes to: the day of its start when that lies within 7 days
 * before and 1 day after the receipt, else the day of receipt. So a wrong client clock cannot scatter a batch over
 * thousands of partitions.
 */
export function partitionDay(startTimeUnixNano: bigint, receivedAtMs: number): number {
  const receivedDay = Math.floor(receivedAtMs / DAY_MS);
  const startDay = Number(startTimeUnixNano / DAY_NANO);
  return startDay >= receivedDay - 7 && startDay <= receivedDay + 1 ? startDay : receivedDay;
}

/** `2026-03-01` of a day number. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
