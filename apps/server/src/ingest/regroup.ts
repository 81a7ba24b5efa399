/** Cuts a list that was flattened from groups of these sizes back into the groups. */
export function regroup<Item>(
  flat: readonly Item[],
  sizes: readonly number[],
): readonly (readonly Item[])[] {
  let start = 0;
  return sizes.map((size) => {
    const group = flat.slice(start, start + size);
    start += size;
    return group;
  });
}
