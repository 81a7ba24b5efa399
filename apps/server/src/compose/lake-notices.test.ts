import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { beforeEach, expect, it } from "vitest";
import { LakeNotices } from "./lake-notices.ts";

let clock: ManualClock;
let hear: ((payload: string) => void) | undefined;
let sent: (readonly [string, string])[];
let refreshes: number;
let troubles: unknown[];
let notices: LakeNotices;

beforeEach(async () => {
  clock = new ManualClock();
  sent = [];
  refreshes = 0;
  troubles = [];
  notices = new LakeNotices({
    database: {
      listen: async (_channel, handler) => {
        hear = handler;
        return async () => undefined;
      },
      sendNotice: async (channel, payload) => void sent.push([channel, payload]),
    },
    clock,
    processName: "me",
    onTrouble: (error) => troubles.push(error),
  });
  await notices.start({
    refresh: async () => {
      refreshes += 1;
    },
  });
});

it("tells the others, and does not listen to itself", async () => {
  notices.committed();
  expect(sent).toEqual([["scouter_lake_committed", "me"]]);
  hear?.("me");
  await clock.advance(1_000);
  expect(refreshes).toBe(0);
});

it("refreshes once for notices that come together, and again for later ones", async () => {
  hear?.("a");
  hear?.("b");
  await clock.advance(20);
  expect(refreshes).toBe(1);
  hear?.("a");
  await clock.advance(20);
  expect(refreshes).toBe(2);
});

it("refreshes after a lost connection, when it is not known who committed", async () => {
  hear?.("");
  await clock.advance(20);
  expect(refreshes).toBe(1);
});

it("does nothing more after it was stopped", async () => {
  hear?.("a");
  await notices.stop();
  notices.committed();
  await clock.advance(1_000);
  expect([refreshes, sent, troubles]).toEqual([0, [], []]);
});
