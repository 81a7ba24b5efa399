/**
 * Time between two RFC 3339 texts with up to nine decimals of a second; the wire's own `duration_ms` is whole
 * milliseconds, too coarse for a tool call.
 */
export function durationMs(start: string, end: string): number {
  return Number(nanosecondsOf(end) - nanosecondsOf(start)) / 1e6;
}

function nanosecondsOf(time: string): bigint {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? "";
  const wholeSeconds = Math.floor(Date.parse(time) / 1000);
  return BigInt(wholeSeconds) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

/** Three significant digits and a unit: `0.42 ms`, `12.3 ms`, `1.50 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return `${milliseconds.toFixed(2)} ms`;
  if (milliseconds < 1000) return `${milliseconds.toPrecision(3)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(2)} s`;
  const minutes = Math.floor(milliseconds / 60_000);
  return `${String(minutes)} min ${String(Math.round((milliseconds % 60_000) / 1000))} s`;
}

export function formatPercent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}
