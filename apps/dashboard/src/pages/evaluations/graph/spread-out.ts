/** Something on a line that wants its centre at `wish`. */
export interface Spread {
  readonly wish: number;
  readonly size: number;
}

interface Block {
  readonly from: number;
  readonly count: number;
  readonly mean: number;
}

/**
 * Centres in the order given, at least `gap` between neighbours, as near to the wishes as that allows (least squares):
 * isotonic regression by pooling adjacent violators, in linear time. Whole numbers, so that lines stay sharp.
 *
 * @param gap at least 1: rounding may take away up to one of it
 */
export function spreadOut(items: readonly Spread[], gap: number): readonly number[] {
  const offsets: number[] = [];
  for (const [at, { size }] of items.entries()) {
    const previous = items[at - 1];
    offsets.push(
      previous === undefined ? 0 : (offsets[at - 1] ?? 0) + (previous.size + size) / 2 + gap,
    );
  }
  const blocks: Block[] = [];
  for (const [at, { wish }] of items.entries()) {
    let block: Block = { from: at, count: 1, mean: wish - (offsets[at] ?? 0) };
    for (
      let last = blocks.at(-1);
      last !== undefined && last.mean > block.mean;
      last = blocks.at(-1)
    ) {
      blocks.pop();
      const count = last.count + block.count;
      block = {
        from: last.from,
        count,
        mean: (last.mean * last.count + block.mean * block.count) / count,
      };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ from, count, mean }) =>
    Array.from({ length: count }, (_, at) => Math.round(mean + (offsets[from + at] ?? 0))),
  );
}
