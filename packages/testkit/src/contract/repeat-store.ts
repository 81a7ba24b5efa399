import { runRepeat } from "@scouter/contracts";
import type { RepeatStore } from "@scouter/evaluate";
import { expect, it } from "vitest";

const repeat = (outcome: string, cost_usd: number | null = 0) =>
  runRepeat.parse({ outcome, response: { text: "ö", outcome }, judging: { calls: 1, cost_usd } });

/** What every `RepeatStore` must do; `open` gives one that holds nothing. */
export function repeatStoreContract(open: () => Promise<RepeatStore>): void {
  it("holds nothing at first", async () => {
    const store = await open();
    expect([store.has(0, 0), await store.read(0, 0), store.tally.repeats]).toEqual([
      false,
      undefined,
      0,
    ]);
  });

  it("gives back each repeat under its own place, whatever order they came in", async () => {
    const store = await open();
    const places = [
      [2, 1],
      [0, 0],
      [2, 0],
      [11, 0],
      [1, 10],
    ] as const;
    // At once, as the workers of a run do.
    await Promise.all(
      places.map(([scenario, number]) =>
        store.add(scenario, number, { ...repeat("passed"), duration_ms: scenario * 100 + number }),
      ),
    );
    for (const [scenario, number] of places) {
      expect(store.has(scenario, number)).toBe(true);
      const read = await store.read(scenario, number);
      expect(read).toEqual({ ...repeat("passed"), duration_ms: scenario * 100 + number });
    }
    expect(store.has(1, 1)).toBe(false);
    expect(store.has(110, 0)).toBe(false);
  });

  it("counts outcomes and what was spent, and says when a price is not known", async () => {
    const store = await open();
    await store.add(0, 0, repeat("passed", 0.25));
    await store.add(1, 0, repeat("failed", 0.5));
    expect(store.tally).toMatchObject({ repeats: 2, passed: 1, failed: 1, costUsd: 0.75 });
    expect(store.tally.isCostPartial).toBe(false);
    await store.add(2, 0, repeat("skipped", null));
    expect(store.tally).toMatchObject({ skipped: 1, costUsd: 0.75, isCostPartial: true });
  });
}
