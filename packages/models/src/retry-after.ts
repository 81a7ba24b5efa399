/**
 * The pause a vendor asks for, in milliseconds: `retry-after-ms`, else `Retry-After` as seconds, else as an HTTP date
 * measured against the answer's own `Date`. Undefined without a usable header.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const milliseconds = nonNegative(headers["retry-after-ms"]);
  if (milliseconds !== undefined) return Math.round(milliseconds);
  const text = headers["retry-after"];
  const seconds = nonNegative(text);
  if (seconds !== undefined) return Math.round(seconds * 1_000);
  const pauseMs = Date.parse(text ?? "") - Date.parse(headers["date"] ?? "");
  return Number.isNaN(pauseMs) ? undefined : Math.max(0, pauseMs);
}

function nonNegative(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
