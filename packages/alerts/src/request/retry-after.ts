/**
 * The pause that an answer asks for, in milliseconds: `Retry-After` as seconds, or as an HTTP date measured against the
 * answer's own `Date`. Undefined without a usable header.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const pauseMs = Date.parse(text) - Date.parse(headers.get("date") ?? "");
  return Number.isNaN(pauseMs) ? undefined : Math.max(0, pauseMs);
}
