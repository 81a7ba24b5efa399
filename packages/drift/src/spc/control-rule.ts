import { errors } from "../errors.ts";

/** How many points of one zone make an alert; 0 switches the check off. */
export interface ZoneRule {
  readonly zone: 1 | 2 | 3 | 4;
  /** Points in a row on one side, in the zone or beyond it. */
  readonly consecutive: number;
  /** Points in a row that change sides each time, in the zone or beyond it. */
  readonly alternating: number;
}

export type ControlRule = readonly ZoneRule[];

export const DEFAULT_RULE = "8 16 4 8 2 4 1 1";
const NUMBERS = 8;
const MOST_POINTS = 1000;
/** Successive points that go up, or down, each time. */
export const TREND_POINTS = 7;

/**
 * Reads the rule of a control chart (Western Electric): eight integers of 0 to 1000, consecutive and alternating points
 * for zones 1 to 4. Throws DRIFT_RULE_INVALID.
 */
export function parseControlRule(rule: string): ControlRule {
  const words = rule.trim() === "" ? [] : rule.trim().split(/\s+/);
  if (words.length !== NUMBERS) {
    throw errors.DRIFT_RULE_INVALID({ rule, reason: `has ${words.length} numbers` });
  }
  const numbers = words.map((word) => {
    const points = /^\d{1,4}$/.test(word) ? Number(word) : Infinity;
    if (points <= MOST_POINTS) return points;
    throw errors.DRIFT_RULE_INVALID({ rule, reason: `has '${word}'` });
  });
  return ([1, 2, 3, 4] as const).map((zone) => ({
    zone,
    consecutive: numbers[2 * zone - 2] as number,
    alternating: numbers[2 * zone - 1] as number,
  }));
}

/** Points before a window that a run ending in it may reach back to. */
export function lookBackPoints(rule: ControlRule): number {
  const longest = rule.flatMap(({ consecutive, alternating }) => [consecutive, alternating]);
  return Math.max(TREND_POINTS, ...longest) - 1;
}
