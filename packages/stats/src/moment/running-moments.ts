/** Count and central moments of values that came in parts. */
export interface RunningMoments {
  readonly count: number;
  /** One of the values; the mean lies at `origin + offset`. Apart, a small spread on a large mean keeps its digits. */
  readonly origin: number;
  readonly offset: number;
  /** Sum of (x - mean)^2 and of (x - mean)^3. */
  readonly squares: number;
  readonly cubes: number;
}

export const NO_MOMENTS: RunningMoments = { count: 0, origin: 0, offset: 0, squares: 0, cubes: 0 };

/** Moments of the finite values of a part, in two passes over it. */
export function momentsOf(values: ArrayLike<number>): RunningMoments {
  let first = 0;
  while (first < values.length && !Number.isFinite(values[first])) first += 1;
  if (first === values.length) return NO_MOMENTS;
  const origin = values[first] as number;
  let sum = 0;
  let count = 0;
  for (let i = first; i < values.length; i += 1) {
    const value = values[i] as number;
    if (value - value !== 0) continue;
    sum += value - origin;
    count += 1;
  }
  const offset = sum / count;
  let squares = 0;
  let cubes = 0;
  for (let i = first; i < values.length; i += 1) {
    const value = values[i] as number;
    if (value - value !== 0) continue;
    const difference = value - origin - offset;
    const square = difference * difference;
    squares += square;
    cubes += square * difference;
  }
  return { count, origin, offset, squares, cubes };
}

/**
 * Moments of two parts together (Chan, Golub and LeVeque 1979; third moment after Pebay 2008): parts may be merged in any
 * order and grouping, up to rounding.
 */
export function mergeMoments(a: RunningMoments, b: RunningMoments): RunningMoments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const difference = b.origin - a.origin + (b.offset - a.offset);
  const shareOfB = b.count / count;
  const shareOfA = a.count / count;
  return {
    count,
    origin: a.origin,
    offset: a.offset + difference * shareOfB,
    squares: a.squares + b.squares + difference * difference * a.count * shareOfB,
    cubes:
      a.cubes +
      b.cubes +
      difference ** 3 * a.count * shareOfB * (shareOfA - shareOfB) +
      3 * difference * (shareOfA * b.squares - shareOfB * a.squares),
  };
}

/** NaN without values. */
export function meanOfMoments({ count, origin, offset }: RunningMoments): number {
  return count === 0 ? Number.NaN : origin + offset;
}

/** Divided by n - 1; NaN with fewer than two values. */
export function deviationOfSample({ count, squares }: RunningMoments): number {
  return count < 2 ? Number.NaN : Math.sqrt(squares / (count - 1));
}
