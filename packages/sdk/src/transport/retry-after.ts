/**
 * Reads the `Retry-After` header of RFC 9110 section 10.2.3: whole seconds or an HTTP date.
 *
 * @param nowMs milliseconds since the epoch, against which a date is measured
 * @returns milliseconds from now, never negative; undefined when the header is missing or unreadable
 */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
