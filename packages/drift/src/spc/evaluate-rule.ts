import type { AlertZone, SpcAlertKind } from "@scouter/contracts";
import { type ControlRule, TREND_POINTS, type ZoneRule } from "./control-rule.ts";

export interface SpcAlert {
  readonly kind: SpcAlertKind;
  readonly zone: AlertZone;
}

export interface EvaluateRuleInput {
  /** Zone codes in the order of time. */
  readonly codes: readonly number[];
  readonly rule: ControlRule;
  /** Trends are told whatever is listed here: they belong to no zone. */
  readonly zonesToMonitor: readonly AlertZone[];
  /** In place of the codes, what a trend is looked for in: as many. */
  readonly trendIn?: readonly number[];
  /** Index of the first point of the window; what lies before it only completes runs. 0 by default. */
  readonly from?: number;
}

/**
 * Which checks fire at a point of the window, each pair of zone and kind once, sorted.
 *
 * A run of a zone ends at a point exactly in it; all its points are in the zone or beyond. Consecutive: all on one side.
 * Alternating: each on the other side than the one before. In zone 4 both are `OutOfBounds`. Trend: seven successive
 * codes (or points) that rise, or fall, each time.
 */
export function evaluateRule(input: EvaluateRuleInput): readonly SpcAlert[] {
  const { codes, rule, zonesToMonitor, trendIn = codes, from = 0 } = input;
  const found = new Map<string, SpcAlert>();
  const add = (alert: SpcAlert) => found.set(`${alert.zone} ${alert.kind}`, alert);
  const monitored = rule.filter(({ zone }) => zonesToMonitor.includes(zoneName(zone)));
  for (let end = from; end < codes.length; end += 1) {
    for (const zoneRule of monitored) {
      for (const kind of firing(codes, end, zoneRule)) add({ kind, zone: zoneName(zoneRule.zone) });
    }
    if (isTrend(trendIn, end)) add({ kind: "Trend", zone: "NotApplicable" });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, alert]) => alert);
}

function zoneName(zone: ZoneRule["zone"]): AlertZone {
  return `Zone${zone}`;
}

function firing(codes: readonly number[], end: number, rule: ZoneRule): readonly SpcAlertKind[] {
  const { zone, consecutive, alternating } = rule;
  if (Math.abs(codes[end] as number) !== zone) return [];
  const kinds: SpcAlertKind[] = [];
  if (isConsecutive(codes, end, consecutive, zone)) kinds.push("Consecutive");
  if (isAlternating(codes, end, alternating, zone)) kinds.push("Alternating");
  return zone === 4 && kinds.length > 0 ? ["OutOfBounds"] : kinds;
}

/** Whether the last `count` codes up to `end` are all at least `zone` away from the centre on one side. */
export function isConsecutive(
  codes: readonly number[],
  end: number,
  count: number,
  zone: number,
): boolean {
  if (count === 0 || end + 1 < count) return false;
  const run = codes.slice(end + 1 - count, end + 1);
  return run.every((code) => code >= zone) || run.every((code) => code <= -zone);
}

/** Whether the last `count` codes up to `end` are all at least `zone` away and change sides each time. */
export function isAlternating(
  codes: readonly number[],
  end: number,
  count: number,
  zone: number,
): boolean {
  if (count === 0 || end + 1 < count) return false;
  const run = codes.slice(end + 1 - count, end + 1);
  return run.every((code, i) => {
    const changesSide = i === 0 || Math.sign(code) !== Math.sign(run[i - 1] as number);
    return Math.abs(code) >= zone && changesSide;
  });
}

function isTrend(values: readonly number[], end: number): boolean {
  if (end + 1 < TREND_POINTS) return false;
  const run = values.slice(end + 1 - TREND_POINTS, end + 1);
  const steps = run.slice(1).map((value, i) => value - (run[i] as number));
  return steps.every((step) => step > 0) || steps.every((step) => step < 0);
}
