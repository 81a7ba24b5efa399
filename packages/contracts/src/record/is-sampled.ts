/** FNV-1a with the finishing steps of murmur3: identifiers that differ in one character land far apart. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Whether a trace (or session, or whatever the key names) belongs to the share of `ratio`, 0..1, that is kept. The key alone
 * decides, so every process keeps the same ones, and what is kept at a ratio is kept at every larger one. A hash of the
 * key and not its digits: tracers that sample by the digits would otherwise have chosen among the same ones already.
 */
export function isSampled(key: string, ratio: number): boolean {
  return hash32(key.toLowerCase()) < ratio * 2 ** 32;
}
