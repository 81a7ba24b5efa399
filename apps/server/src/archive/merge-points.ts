import type { BinPoint, ChartPoint } from "@scouter/database";
import type { ArchivedBin, ArchivedValues } from "@scouter/lake";

/** Points of one series and bucket become one, as if all values had been looked at together. Sorted by series, then bucket. */
export function mergedValues(
  live: readonly ChartPoint[],
  archived: readonly ArchivedValues[],
): readonly ChartPoint[] {
  if (archived.length === 0) return live;
  const old = archived.map(({ bucketMs, ...point }) => ({
    ...point,
    bucket: bucketText(bucketMs),
  }));
  return merged([...live, ...old], ({ series, bucket }) => key(series, bucket), pooled).toSorted(
    byPlace,
  );
}

/** Counts of one series, bucket and bin add up. Sorted by series, bucket and bin. */
export function mergedBins(
  live: readonly BinPoint[],
  archived: readonly ArchivedBin[],
): readonly BinPoint[] {
  if (archived.length === 0) return live;
  const old = archived.map(({ bucketMs, ...point }) => ({
    ...point,
    bucket: bucketText(bucketMs),
  }));
  return merged(
    [...live, ...old],
    ({ series, bucket, binId }) => key(series, bucket, binId),
    (left, right) => ({ ...left, count: left.count + right.count }),
  ).toSorted((a, b) => byPlace(a, b) || a.binId - b.binId);
}

/** Mean and sample deviation of two samples together (Chan, Golub and LeVeque, 1979). */
function pooled(left: ChartPoint, right: ChartPoint): ChartPoint {
  const count = left.count + right.count;
  const apart = right.average - left.average;
  const average = left.average + (apart * right.count) / count;
  const squares =
    squaresOf(left) + squaresOf(right) + (apart ** 2 * left.count * right.count) / count;
  return { ...left, count, average, deviation: Math.sqrt(squares / (count - 1)) };
}

function squaresOf({ deviation, count }: ChartPoint): number {
  return deviation ** 2 * (count - 1);
}

function merged<Point>(
  points: readonly Point[],
  keyOf: (point: Point) => string,
  together: (left: Point, right: Point) => Point,
): Point[] {
  const byKey = new Map<string, Point>();
  for (const point of points) {
    const name = keyOf(point);
    const before = byKey.get(name);
    byKey.set(name, before === undefined ? point : together(before, point));
  }
  return [...byKey.values()];
}

function key(...parts: readonly (string | number)[]): string {
  return JSON.stringify(parts);
}

function byPlace(
  a: { readonly series: string; readonly bucket: string },
  b: { readonly series: string; readonly bucket: string },
): number {
  return order(a.series, b.series) || order(a.bucket, b.bucket);
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** As the database writes it: microseconds. */
function bucketText(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
