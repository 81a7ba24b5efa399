import { setImmediate as nextTurn } from "node:timers/promises";
import type { Turn } from "@scouter/evaluate";

/** How long work that can be cut holds the thread: requests and flushes of spans wait for it. */
const SLICE_MS = 5;

/** Lets everything else of this thread go first whenever a slice of time is used up. */
export function turnsOfThread(): Turn {
  let endMs = performance.now() + SLICE_MS;
  const pause = async () => {
    await nextTurn();
    endMs = performance.now() + SLICE_MS;
  };
  return () => (performance.now() < endMs ? undefined : pause());
}
