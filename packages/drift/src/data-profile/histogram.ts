import type { QuantileSketch } from "@scouter/stats";

/** Bins of equal width by their left edges; each holds its left edge and not its right one, the last bin both. */
export interface Histogram {
  readonly bins: readonly number[];
  readonly bin_counts: readonly number[];
}

/** Left edges of a histogram: smallest + i width. A constant column has one bin, values too far apart for a width too. */
export function leftEdges(smallest: number, largest: number, bins: number): readonly number[] {
  const width = (largest - smallest) / bins;
  if (!(width > 0 && width < Infinity)) return [smallest];
  const edges = Array.from({ length: bins }, (_, i) => smallest + i * width);
  // Between neighbouring numbers there are fewer edges than asked for.
  return edges.filter((edge, i) => i === 0 || edge > (edges[i - 1] as number));
}

/** Adds finite values to their bins; none lies left of the first edge. */
export function countIntoBins(
  bins: readonly number[],
  values: Float64Array,
  counts: Float64Array,
): void {
  const lowest = bins[0] as number;
  const last = bins.length - 1;
  const width = bins.length === 1 ? Infinity : (bins[1] as number) - lowest;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (value - value !== 0) continue;
    // The guess may be one off by rounding: the edges decide.
    let bin = Math.min(last, ((value - lowest) / width) | 0);
    while (bin > 0 && value < (bins[bin] as number)) bin -= 1;
    while (bin < last && value >= (bins[bin + 1] as number)) bin += 1;
    counts[bin] = (counts[bin] as number) + 1;
  }
}

/** Counts of a histogram from a sketch: exact while the sketch is. */
export function sketchedCounts(sketch: QuantileSketch, bins: readonly number[]): number[] {
  const below = [...sketch.countsBelow(bins.slice(1), false), sketch.count];
  return below.map((upTo, i) => upTo - (i === 0 ? 0 : (below[i - 1] as number)));
}
