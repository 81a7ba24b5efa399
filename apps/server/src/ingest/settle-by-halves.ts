import { isScouterError } from "@scouter/contracts";
import type { Settled } from "./channel.ts";

/**
 * Attempts all items together; when that fails because of an item, attempts each half, until the guilty items stand
 * alone and only they fail.
 *
 * An error that says nothing about the items (kind `unavailable`, `timeout`, `busy`) is not looked into: all items of
 * that attempt get it, to be sent again. Cost: one attempt when all is well, at most 2n - 1.
 *
 * @param attempt all or nothing; resolves with one result per item, in order
 * @returns one outcome per item, in order
 */
export async function settleByHalves<Item, Result>(
  items: readonly Item[],
  attempt: (items: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly Settled<Result>[]> {
  if (items.length === 0) return [];
  try {
    const results = await attempt(items);
    return results.map((result) => ({ status: "done", result }));
  } catch (error) {
    const innocent = isScouterError(error) && error.retryable;
    if (innocent || items.length === 1) return items.map(() => ({ status: "failed", error }));
    const middle = Math.ceil(items.length / 2);
    const left = await settleByHalves(items.slice(0, middle), attempt);
    const right = await settleByHalves(items.slice(middle), attempt);
    return [...left, ...right];
  }
}
