import type { ControlLimits } from "./control-limits.ts";

/**
 * How far a point lies from the centre: 0 at the centre, 1 to 3 for the first, second and third deviation, 4 beyond the
 * third limit; negative below. A point on the first or second limit belongs to the zone outside it, one on the third to
 * zone 3. With a deviation of 0 every other value is 4. NaN, and limits that are NaN, give 0.
 */
export function zoneCode(value: number, limits: ControlLimits): number {
  if (value === limits.center) return 0;
  if (value > limits.three_ucl) return 4;
  if (value < limits.three_lcl) return -4;
  if (value > limits.center) {
    if (value >= limits.two_ucl) return 3;
    return value >= limits.one_ucl ? 2 : 1;
  }
  if (value < limits.center) {
    if (value <= limits.two_lcl) return -3;
    return value <= limits.one_lcl ? -2 : -1;
  }
  return 0;
}
