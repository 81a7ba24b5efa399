/** Rows per bin id, per feature. */
export type BinTally = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Adds two tallies. The order of merging does not matter, so batches, windows and shards add up in any way. */
export function mergeTallies(a: BinTally, b: BinTally): BinTally {
  const merged = new Map([...a].map(([feature, counts]) => [feature, new Map(counts)]));
  for (const [feature, counts] of b) {
    const into = merged.get(feature) ?? new Map<number, number>();
    merged.set(feature, into);
    for (const [id, count] of counts) into.set(id, (into.get(id) ?? 0) + count);
  }
  return merged;
}
