/**
 * A number in [0, 1) that depends only on the seed and the text: FNV-1a over the UTF-16 units, then the 32-bit
 * finalizer of MurmurHash3, because FNV alone leaves similar texts with similar high bits.
 */
export function fractionOf(seed: number, text: string): number {
  let hash = (0x81_1c_9d_c5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** The element that the seed and the text choose. `items` must not be empty. */
export function chooseFrom<Item>(items: readonly Item[], seed: number, text: string): Item {
  const index = Math.floor(fractionOf(seed, text) * items.length);
  return items[index] as Item;
}
