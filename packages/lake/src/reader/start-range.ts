/** Starts of spans, nanoseconds: `from <= start < to`. */
export interface StartRange {
  readonly fromNano: bigint;
  readonly toNano: bigint;
}

/** The least range that has both in it. */
export function hullOf(left: StartRange, right: StartRange): StartRange {
  return {
    fromNano: left.fromNano < right.fromNano ? left.fromNano : right.fromNano,
    toNano: left.toNano > right.toNano ? left.toNano : right.toNano,
  };
}
