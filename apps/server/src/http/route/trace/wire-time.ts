/** Nanoseconds since the epoch as RFC 3339 in UTC, with 0, 3, 6 or 9 fractional digits. */
export function rfc3339OfNanos(nanos: bigint): string {
  const seconds = floorDivide(nanos, 1_000_000_000n);
  const fraction = String(nanos - seconds * 1_000_000_000n).padStart(9, "0");
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, -5);
  const shown = fraction.replace(/(000){1,3}$/, "");
  return shown === "" ? `${whole}Z` : `${whole}.${shown}Z`;
}

/** Exact to the nanosecond; `undefined` when the text is not an RFC 3339 date-time. */
export function nanosOfRfc3339(text: string): bigint | undefined {
  const match = /^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null) return undefined;
  const [, dateTime = "", fraction = "", offset = ""] = match;
  const ms = Date.parse(`${dateTime.replace(" ", "T")}${offset}`.toUpperCase());
  if (Number.isNaN(ms)) return undefined;
  return BigInt(ms) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

/** Milliseconds, rounded down. */
export function msBetween(start: bigint, end: bigint): number {
  return Number((end - start) / 1_000_000n);
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient;
}

/** A range between two times that a schema has checked: `from <= start < to`, empty when they are the wrong way round. */
export function wireRange(from: string, to: string): { fromNano: bigint; toNano: bigint } {
  const fromNano = nanosOfRfc3339(from) ?? 0n;
  const toNano = nanosOfRfc3339(to) ?? 0n;
  return { fromNano, toNano: toNano < fromNano ? fromNano : toNano };
}
