const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** What stands where there is no value: a dash, never a zero that was not measured. */
export const NO_VALUE = "–";

type Maybe = number | null | undefined;

function isNumber(value: Maybe): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** `1,234,567` */
export function formatCount(value: Maybe): string {
  return isNumber(value) ? whole.format(value) : NO_VALUE;
}

/** `1.2M`, for axes and small places. */
export function formatCompact(value: Maybe): string {
  return isNumber(value) ? compact.format(value) : NO_VALUE;
}

/** Three significant digits: `0.00123`, `12.3`; from 1,000 on whole. */
export function formatNumber(value: Maybe): string {
  if (!isNumber(value)) return NO_VALUE;
  if (Math.abs(value) >= 1000) return whole.format(value);
  return new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(value);
}

/** @param ratio 0 to 1; `0.853` gives `85.3 %` */
export function formatPercent(ratio: Maybe): string {
  if (!isNumber(ratio)) return NO_VALUE;
  const percent = ratio * 100;
  // 99.96 % is not 100 %: what is not all must not read like all.
  const rounded = Math.round(percent * 10) / 10;
  const shown = rounded === 100 && ratio < 1 ? 99.9 : rounded === 0 && ratio > 0 ? 0.1 : rounded;
  return `${String(shown)} %`;
}

const durationUnits = [
  { unit: "d", microseconds: 86_400_000_000 },
  { unit: "h", microseconds: 3_600_000_000 },
  { unit: "min", microseconds: 60_000_000 },
  { unit: "s", microseconds: 1_000_000 },
  { unit: "ms", microseconds: 1000 },
  { unit: "µs", microseconds: 1 },
] as const;

/** `840 µs`, `12.4 ms`, `1.8 s`, `3.5 min` */
export function formatDuration(microseconds: Maybe): string {
  if (!isNumber(microseconds)) return NO_VALUE;
  const size = Math.abs(microseconds);
  const row = durationUnits.find((unit) => size >= unit.microseconds) ?? {
    unit: "µs",
    microseconds: 1,
  };
  const value = microseconds / row.microseconds;
  const digits = Math.abs(value) >= 100 || row.unit === "µs" ? 0 : 1;
  return `${String(Number(value.toFixed(digits)))} ${row.unit}`;
}

/** `1.2k tokens` */
export function formatTokens(tokens: Maybe): string {
  if (!isNumber(tokens)) return NO_VALUE;
  return `${formatCompact(tokens)} ${tokens === 1 ? "token" : "tokens"}`;
}

/** US dollars; parts of a cent keep two digits: `$0.00042`. */
export function formatMoney(dollars: Maybe): string {
  if (!isNumber(dollars)) return NO_VALUE;
  const isSmall = dollars !== 0 && Math.abs(dollars) < 0.01;
  const digits = isSmall
    ? { maximumSignificantDigits: 2 }
    : { maximumFractionDigits: 2, minimumFractionDigits: 2 };
  return new Intl.NumberFormat("en", { style: "currency", currency: "USD", ...digits }).format(
    dollars,
  );
}

const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];

export function formatBytes(bytes: Maybe): string {
  if (!isNumber(bytes)) return NO_VALUE;
  const power = Math.min(
    byteUnits.length - 1,
    Math.floor(Math.log2(Math.max(1, Math.abs(bytes))) / 10),
  );
  const value = bytes / 2 ** (10 * power);
  return `${String(Number(value.toFixed(power === 0 ? 0 : 1)))} ${byteUnits[power] ?? "B"}`;
}
