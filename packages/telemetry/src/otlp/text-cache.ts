const SLOTS = 2048;
/** Longer texts repeat seldom, and comparing them costs as much as making them. */
const LONGEST_CACHED_BYTES = 48;

const HASHED_BYTES = 8;

const NEEDS_ESCAPE = 1;
const NOT_ASCII = 2;

/** What each byte means for the text it is in: 0 when it stands for itself in JSON as well. */
const BYTE_CLASS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return NOT_ASCII;
  return byte < 0x20 || byte === 0x22 || byte === 0x5c ? NEEDS_ESCAPE : 0;
});

/**
 * Texts from UTF-8 bytes. Keys and many values of telemetry repeat from span to span: a short ASCII text that was
 * seen lately is found by its bytes and returned as the same string, which saves making it, hashing it as a map key,
 * and its memory. Direct-mapped: a colliding text takes the slot, so the cache holds at most 2,048 texts of 48 bytes.
 *
 * Invalid UTF-8 is replaced by U+FFFD.
 */
export class TextCache {
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => "");
  readonly #quoted: string[] = Array.from({ length: SLOTS }, () => '""');

  text(bytes: Buffer, start: number, end: number): string {
    if (start === end) return "";
    const slot = this.#slotOf(bytes, start, end);
    return slot === -1 ? bytes.toString("utf8", start, end) : this.#texts[slot]!;
  }

  /** The text as a JSON string. */
  quoted(bytes: Buffer, start: number, end: number): string {
    if (start === end) return '""';
    const slot = this.#slotOf(bytes, start, end);
    return slot === -1 ? JSON.stringify(bytes.toString("utf8", start, end)) : this.#quoted[slot]!;
  }

  /** The slot that now holds the text, or -1 when it is too long or not plain ASCII. */
  #slotOf(bytes: Buffer, start: number, end: number): number {
    const length = end - start;
    if (length > LONGEST_CACHED_BYTES) return -1;
    const slot = slotHash(bytes, start, end) & (SLOTS - 1);
    // What is cached is ASCII, so bytes that equal its characters need no look at their class.
    if (isSameText(this.#texts[slot]!, bytes, start, length)) return slot;
    let classes = 0;
    for (let at = start; at < end; at += 1) classes |= BYTE_CLASS[bytes[at]!]!;
    if ((classes & NOT_ASCII) !== 0) return -1;
    const text = bytes.toString("latin1", start, end);
    this.#texts[slot] = text;
    this.#quoted[slot] = classes === 0 ? `"${text}"` : JSON.stringify(text);
    return slot;
  }
}

/**
 * Of length and last bytes: names of one vendor begin alike and differ in the end, and the comparison that follows
 * looks at every byte anyhow.
 */
function slotHash(bytes: Buffer, start: number, end: number): number {
  let hash = end - start;
  for (let at = Math.max(start, end - HASHED_BYTES); at < end; at += 1) {
    hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
  }
  return hash ^ (hash >>> 15);
}

function isSameText(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = length - 1; at >= 0; at -= 1) {
    if (text.charCodeAt(at) !== bytes[start + at]) return false;
  }
  return true;
}
