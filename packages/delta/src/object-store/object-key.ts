import { errors } from "../errors.ts";

/** What S3 and its kin allow. */
const MAX_KEY_BYTES = 1024;

/** Throws `OBJECT_KEY_INVALID` unless every adapter can store `key`. */
export function checkObjectKey(key: string): void {
  const reason = reasonAgainst(key);
  if (reason !== undefined) throw errors.OBJECT_KEY_INVALID({ key, reason });
}

function reasonAgainst(key: string): string | undefined {
  if (key === "") return "is empty";
  // A backslash separates folders on Windows: refused everywhere, so that a key means the same in every store.
  if (/[\0\\]/.test(key)) return "has a backslash or a NUL";
  if (!key.isWellFormed()) return "is not well-formed Unicode";
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return `is longer than ${MAX_KEY_BYTES} bytes`;
  for (const segment of key.split("/")) {
    if (segment === "") return "has an empty segment";
    if (segment === "." || segment === "..") return `has the segment '${segment}'`;
  }
  return undefined;
}

/**
 * Order of the keys' UTF-8 bytes. JavaScript's own order compares UTF-16 units and so puts U+10000 and above, whose
 * first unit is D800 to DFFF, before U+E000 to U+FFFF.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** `[start, end)` within an object of `size` bytes; throws `OBJECT_RANGE_INVALID` when it makes no sense. */
export function clampRange(
  key: string,
  start: number,
  end: number,
  size: number,
): { start: number; length: number } {
  if (!isOffset(start) || !isOffset(end)) throw errors.OBJECT_RANGE_INVALID({ key, start, end });
  return { start, length: Math.max(0, Math.min(end, size) - start) };
}

function isOffset(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
