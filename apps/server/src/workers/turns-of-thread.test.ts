import { expect, it } from "vitest";
import { turnsOfThread } from "./turns-of-thread.ts";

/** Holds the thread, as work that is not cut does. */
function hold(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

it("lets others go first when a slice is used up, and then again after the next", async () => {
  const turn = turnsOfThread();
  for (let round = 0; round < 2; round += 1) {
    hold(6);
    let others = 0;
    setImmediate(() => (others += 1));
    await turn();
    expect(others).toBe(1);
  }
});
