/**
 * Statistics of one data file, by which readers skip it. A bound must never be tighter than the data: a missing bound
 * prunes nothing, a wrong one loses rows.
 */
export interface FileStatistics {
  readonly numRecords: number;
  readonly minValues?: StatisticValues;
  readonly maxValues?: StatisticValues;
  readonly nullCount?: Readonly<Record<string, number>>;
}

/** Per column; the fields of a struct column are nested. Instants and dates in their text form (see below). */
export type StatisticValues = { readonly [column: string]: StatisticValue | StatisticValues };
export type StatisticValue = string | number | bigint | boolean;

/** Delta's own writers cut text bounds at this many characters. */
const MAX_TEXT_CHARACTERS = 32;
const LAST_CODE_POINT = "\u{10ffff}";

/** The `stats` of an add action. Numbers that are not finite are left out: JSON cannot hold them. */
export function encodeStatistics(statistics: FileStatistics): string {
  return json({
    numRecords: statistics.numRecords,
    ...(statistics.minValues && { minValues: statistics.minValues }),
    ...(statistics.maxValues && { maxValues: statistics.maxValues }),
    ...(statistics.nullCount && { nullCount: statistics.nullCount }),
  });
}

function json(value: StatisticValue | StatisticValues): string {
  // JSON.stringify refuses bigint; a long beyond 2^53 must keep every digit.
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object") return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => typeof field !== "number" || Number.isFinite(field))
    .map(([name, field]) => `${JSON.stringify(name)}:${json(field)}`);
  return `{${fields.join(",")}}`;
}

/** Reads `stats`; integers beyond 2^53 come back as bigint. `undefined` when the text holds no statistics. */
export function decodeStatistics(stats: string | undefined): FileStatistics | undefined {
  if (stats === undefined) return undefined;
  let parsed: { readonly numRecords?: unknown } | null;
  try {
    parsed = JSON.parse(stats, reviveLong);
  } catch {
    return undefined; // statistics only save work: a file without them is read
  }
  return typeof parsed?.numRecords === "number" ? (parsed as FileStatistics) : undefined;
}

function reviveLong(_key: string, value: unknown, context?: { source?: string }): unknown {
  const isRounded =
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  const source = context?.source;
  return isRounded && source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
}

/** Lower bound of an instant in microseconds since the epoch: cut to the millisecond below. */
export function timestampLowerBound(microseconds: bigint): string {
  return isoMilliseconds(floorToMilliseconds(microseconds));
}

/** Upper bound: the next whole millisecond, as readers compare with millisecond precision. */
export function timestampUpperBound(microseconds: bigint): string {
  return isoMilliseconds(-floorToMilliseconds(-microseconds));
}

function floorToMilliseconds(microseconds: bigint): bigint {
  const quotient = microseconds / 1000n;
  return microseconds < 0n && quotient * 1000n !== microseconds ? quotient - 1n : quotient;
}

function isoMilliseconds(milliseconds: bigint): string {
  return new Date(Number(milliseconds)).toISOString();
}

/** Lower bound of a text: its first 32 characters, which sort at or before the whole. */
export function textLowerBound(text: string): string {
  return Array.from(text).slice(0, MAX_TEXT_CHARACTERS).join("");
}

/** Upper bound: the first 32 characters and a last one that sorts after whatever was cut off. */
export function textUpperBound(text: string): string {
  const characters = Array.from(text);
  let length = MAX_TEXT_CHARACTERS;
  if (characters.length <= length) return text;
  // The character that closes the bound must be above the one it stands for; nothing is above the last code point.
  while (characters[length] === LAST_CODE_POINT) length++;
  return characters.length <= length
    ? text
    : characters.slice(0, length).join("") + LAST_CODE_POINT;
}
