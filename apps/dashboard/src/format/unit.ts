import {
  formatBytes,
  formatCompact,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  formatTokens,
} from "./number.ts";

/** What a figure is measured in; decides how axes, tooltips and cards write it. */
export type Unit =
  | "count"
  | "per-second"
  | "ratio"
  | "duration"
  | "tokens"
  | "money"
  | "bytes"
  | "number";

const formats: Readonly<Record<Unit, (value: number | null | undefined) => string>> = {
  count: formatCompact,
  "per-second": (value) => `${formatNumber(value)}/s`,
  ratio: formatPercent,
  duration: formatDuration,
  tokens: formatTokens,
  money: formatMoney,
  bytes: formatBytes,
  number: formatNumber,
};

/** `ratio` takes 0 to 1, `duration` microseconds, `money` US dollars. */
export function formatUnit(value: number | null | undefined, unit: Unit): string {
  return formats[unit](value);
}

/** How the axis is titled. */
export const unitWords: Readonly<Record<Unit, string>> = {
  count: "count",
  "per-second": "per second",
  ratio: "%",
  duration: "time",
  tokens: "tokens",
  money: "US dollars",
  bytes: "bytes",
  number: "value",
};
