import { clampRange } from "./object-key.ts";

/**
 * What a remote store is asked for `[start, end)`: the bytes of a `Range` header, or nothing but whether the object
 * exists, since an empty range cannot be written as such a header.
 *
 * Throws `OBJECT_RANGE_INVALID` when it makes no sense.
 */
export function rangeHeader(key: string, start: number, end: number): string | undefined {
  const { length } = clampRange(key, start, end, Number.MAX_SAFE_INTEGER);
  return length === 0 ? undefined : `bytes=${start}-${start + length - 1}`;
}

/** Status of a range that begins at or past the object's end; the port answers it with zero bytes. */
export const RANGE_NOT_SATISFIABLE = 416;
