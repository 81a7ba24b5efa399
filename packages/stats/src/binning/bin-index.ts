/**
 * Interior edges of a binning: B bins have B - 1 edges; the first bin reaches to -Infinity and the last to Infinity.
 * A bin is open on the left and closed on the right.
 */
export type InteriorEdges = readonly number[];

/**
 * Index (from 0) of the bin that holds a value: the one with lower < value <= upper. -Infinity counts to the first bin,
 * Infinity to the last; NaN has none (-1). Binary search: the number of edges that lie below the value.
 */
export function binIndex(edges: InteriorEdges, value: number): number {
  if (Number.isNaN(value)) return -1;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
