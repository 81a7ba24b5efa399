import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { expect, it } from "vitest";
import { MaintenanceWorker } from "./maintenance-worker.ts";

it("runs every minute, also after a failure, until it is stopped", async () => {
  const clock = new ManualClock();
  const troubles: unknown[] = [];
  let runs = 0;
  const forgotten: number[] = [];
  const baggage: number[] = [];
  const database = {
    messages: {
      store: async () => [],
      storeItems: async () => [],
      forget: async (olderThanMs: number) => forgotten.push(olderThanMs),
    },
    traceBaggage: {
      store: async () => {},
      of: async () => [],
      forget: async (olderThanMs: number) => {
        baggage.push(olderThanMs);
        return baggage.length === 1 ? 10_000 : 0;
      },
    },
    maintain: async () => {
      runs += 1;
      if (runs === 1) throw new Error("busy");
    },
  };
  const worker = new MaintenanceWorker({
    database,
    clock,
    traceRetentionDays: 30,
    onTrouble: (error) => troubles.push(error),
  });
  worker.start();
  await clock.advance(59_999);
  expect(runs).toBe(0);
  await clock.advance(1);
  expect(runs).toBe(1);
  await clock.advance(120_000);
  expect(runs).toBe(3);
  expect(troubles).toHaveLength(1);
  expect(forgotten).toEqual([604_800_000, 604_800_000, 604_800_000]);
  // The first round goes on until nothing is left.
  expect(baggage).toEqual(Array.from({ length: 4 }, () => 2_592_000_000));
  await worker.stop();
  await clock.advance(120_000);
  expect(runs).toBe(3);
});
