import { setImmediate as nextTurn } from "node:timers/promises";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { afterEach, expect, it } from "vitest";
import { Rounds, type RoundsOptions } from "./rounds.ts";

let rounds: Rounds;
let clock: ManualClock;
let troubles: unknown[];
afterEach(() => rounds.stop());

function made(options: Partial<RoundsOptions> = {}): Rounds {
  clock = new ManualClock();
  troubles = [];
  const onTrouble = (error: unknown) => troubles.push(error);
  rounds = new Rounds({ clock, pauseMs: 1_000, onTrouble, ...options });
  return rounds;
}

const passed = async (ms: number) => {
  await nextTurn();
  await clock.advance(ms);
  await nextTurn();
};

it("begins at once, and pauses after each round", async () => {
  let count = 0;
  made().start(async () => void (count += 1));
  await passed(999);
  expect(count).toBe(1);
  await passed(1);
  expect(count).toBe(2);
});

it("waits before the first round where it is told to", async () => {
  let count = 0;
  made({ firstPauseMs: 500 }).start(async () => void (count += 1));
  await passed(499);
  expect(count).toBe(0);
  await passed(1);
  expect(count).toBe(1);
});

it("takes the pause that a round names", async () => {
  let count = 0;
  made().start(async () => {
    count += 1;
    return 10;
  });
  await passed(10);
  expect(count).toBe(2);
});

it("goes on after a round that failed, and tells of it", async () => {
  let count = 0;
  made().start(async () => {
    count += 1;
    throw new Error(`round ${count}`);
  });
  await passed(1_000);
  expect(troubles.map(String)).toEqual(["Error: round 1", "Error: round 2"]);
});

it("ends with the round under way, which sees that it is over", async () => {
  let release = () => {};
  const blocked = new Promise<void>((resolve) => (release = resolve));
  let seen: boolean | undefined;
  const { signal } = made();
  rounds.start(async () => {
    await blocked;
    seen = signal.aborted;
  });
  const stopped = rounds.stop().then(() => expect(seen).toBe(true));
  await nextTurn();
  expect(seen).toBeUndefined();
  release();
  await stopped;
});
