import { createHash } from "node:crypto";

/**
 * `key` in at most `maximum` units (at least 80): a longer one ends with a digest of the whole, so that different keys stay
 * different and the same key stays the same.
 */
export function boundedKey(key: string, maximum: number): string {
  if (key.length <= maximum) return key;
  const digest = createHash("sha256").update(key).digest("hex");
  return `${key.slice(0, maximum - digest.length - 1).toWellFormed()}#${digest}`;
}
