import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  formatTokens,
} from "./number.ts";
import { formatRelative } from "./time.ts";

describe("figures", () => {
  it.each<[string, string, string]>([
    ["a count", formatCount(1_234_567), "1,234,567"],
    ["no count", formatCount(undefined), "–"],
    ["no number", formatNumber(Number.NaN), "–"],
    ["a small number", formatNumber(0.001234), "0.00123"],
    ["a ratio", formatPercent(0.8534), "85.3 %"],
    ["almost all", formatPercent(0.9999), "99.9 %"],
    ["all", formatPercent(1), "100 %"],
    ["almost nothing", formatPercent(0.00001), "0.1 %"],
    ["no ratio", formatPercent(null), "–"],
    ["microseconds", formatDuration(840), "840 µs"],
    ["milliseconds", formatDuration(12_440), "12.4 ms"],
    ["seconds", formatDuration(1_800_000), "1.8 s"],
    ["minutes", formatDuration(210_000_000), "3.5 min"],
    ["no time at all", formatDuration(0), "0 µs"],
    ["one token", formatTokens(1), "1 token"],
    ["tokens", formatTokens(1234), "1.2K tokens"],
    ["dollars", formatMoney(12.5), "$12.50"],
    ["parts of a cent", formatMoney(0.000_42), "$0.00042"],
    ["bytes", formatBytes(1_572_864), "1.5 MiB"],
  ])("%s", (_name, shown, expected) => {
    expect(shown).toBe(expected);
  });
});

describe("relative times", () => {
  const now = Date.UTC(2026, 10, 22, 12);
  it.each<[number, string]>([
    [0, "now"],
    [-5000, "5 sec. ago"],
    [-120_000, "2 min. ago"],
    [7_200_000, "in 2 hr."],
    [-86_400_000, "yesterday"],
  ])("%d ms away", (distanceMs, expected) => {
    expect(formatRelative(now + distanceMs, now)).toBe(expected);
  });
});
