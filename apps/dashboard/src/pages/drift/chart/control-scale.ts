import type { SpcDistribution } from "@scouter/contracts";

export interface ControlScale {
  /** Share of the width, 0..1, of the point with this number. */
  readonly x: (index: number) => number;
  /** Share of the height from the top, 0..1. */
  readonly y: (value: number) => number;
}

/** All points and all zones with a little room; points that are equally far apart, as control charts have them. */
export function controlScale({ points, three_sigma: outer }: SpcDistribution): ControlScale {
  const values = [...points.map(({ value }) => value), outer.lower, outer.upper];
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const room = (most - least || 1) * 0.06;
  const height = most - least + 2 * room;
  return {
    x: (index) => (index + 0.5) / Math.max(1, points.length),
    y: (value) => (most + room - value) / height,
  };
}

/** Beyond three sigma: what the rule of single points calls out of bounds. */
export function isOutOfBounds(zone: number): boolean {
  return Math.abs(zone) >= 4;
}
