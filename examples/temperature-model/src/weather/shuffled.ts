/**
 * The items in an order that the seed decides (Fisher and Yates; the numbers are of mulberry32). Requests do not come in
 * the order of the calendar, and a control chart of seasons would only show that winter follows autumn.
 */
export function shuffled<Item>(items: readonly Item[], seed: number): readonly Item[] {
  const random = mulberry32(seed);
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as Item, order[last] as Item];
  }
  return order;
}

/** Uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
