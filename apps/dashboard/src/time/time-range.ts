/** What the person chose: the last so-and-so-long, or from one point to another. */
export type TimeRange =
  | { readonly kind: "last"; readonly durationMs: number }
  | { readonly kind: "between"; readonly fromMs: number; readonly toMs: number };

/** Half-open: `fromMs` belongs to it, `toMs` does not. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export const DEFAULT_RANGE = "24h";

export const PRESETS = ["15m", "1h", "6h", "24h", "3d", "7d", "30d"] as const;

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const LAST = /^(?:last\s+)?(\d+(?:\.\d+)?)\s*(s|m|h|d|w)[a-z]*$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MAX_DURATION_MS = 3660 * 86_400_000;

/**
 * Reads what a person types or the address holds: `25m`, `2 hours`, `3d`, a day `2026-11-20`, or two points in ISO form
 * with `/` or ` to ` between them. A point without a zone is one of the browser's zone.
 *
 * @returns undefined when it is none of these, is empty or ends before it begins
 */
export function parseTimeRange(text: string): TimeRange | undefined {
  const trimmed = text.trim();
  const last = LAST.exec(trimmed);
  if (last !== null) {
    const durationMs = Number(last[1]) * (unitMs[(last[2] ?? "").toLowerCase()] ?? 0);
    return durationMs > 0 && durationMs <= MAX_DURATION_MS
      ? { kind: "last", durationMs }
      : undefined;
  }
  const [first = "", second = first, ...rest] = trimmed.split(/\s*\/\s*|\s+to\s+/);
  if (rest.length > 0 || (second === first && !DAY.test(first))) return undefined;
  const fromMs = pointMs(first);
  const toMs = DAY.test(second) ? dayAfterMs(second) : pointMs(second);
  return fromMs < toMs ? { kind: "between", fromMs, toMs } : undefined;
}

function pointMs(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return Number.NaN;
  // A date alone would be read as UTC, unlike every other form.
  return Date.parse(DAY.test(text) ? `${text}T00:00` : text.replace(" ", "T"));
}

function dayAfterMs(day: string): number {
  const date = new Date(pointMs(day));
  date.setDate(date.getDate() + 1);
  return date.getTime();
}

export function spanOf(range: TimeRange, nowMs: number): TimeSpan {
  return range.kind === "last"
    ? { fromMs: nowMs - range.durationMs, toMs: nowMs }
    : { fromMs: range.fromMs, toMs: range.toMs };
}

/** For the address: a span in whole milliseconds, UTC. */
export function textOfSpan({ fromMs, toMs }: TimeSpan): string {
  const from = Math.floor(fromMs);
  return `${new Date(from).toISOString()}/${new Date(Math.max(from + 1, Math.ceil(toMs))).toISOString()}`;
}
