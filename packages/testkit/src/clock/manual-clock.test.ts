import { describe, expect, it } from "vitest";
import { ManualClock } from "./manual-clock.ts";

describe("ManualClock", () => {
  it("stands still until advanced, and moves wall and monotonic time together", async () => {
    const clock = new ManualClock({ startMs: 1_000 });
    expect([clock.now(), clock.monotonicMs()]).toEqual([1_000, 0]);
    await clock.advance(250);
    expect([clock.now(), clock.monotonicMs()]).toEqual([1_250, 250]);
  });

  it("wakes sleepers in the order they are due, each at its own time", async () => {
    const clock = new ManualClock({ startMs: 0 });
    const woken: [string, number][] = [];
    const note = (name: string) => () => woken.push([name, clock.now()]);
    const sleeps = [
      clock.sleep(30).then(note("late")),
      clock.sleep(10).then(note("early")),
      clock.sleep(10).then(note("early too")),
    ];
    expect(clock.pendingDelaysMs).toEqual([10, 10, 30]);
    await clock.advance(29);
    expect(clock.pendingSleepers).toBe(1);
    await clock.advance(1);
    await Promise.all(sleeps);
    expect(woken).toEqual([
      ["early", 10],
      ["early too", 10],
      ["late", 30],
    ]);
  });

  it("wakes a loop that sleeps again within the same advance", async () => {
    const clock = new ManualClock();
    let turns = 0;
    const loop = async () => {
      while (turns < 3) {
        await clock.sleep(1_000);
        turns += 1;
      }
    };
    const done = loop();
    await clock.advance(3_000);
    await done;
    expect(turns).toBe(3);
  });

  it("rejects with the signal's reason, before and during the sleep", async () => {
    const clock = new ManualClock();
    const reason = new Error("stop");
    await expect(clock.sleep(5, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleep = clock.sleep(5, controller.signal);
    controller.abort(reason);
    await expect(sleep).rejects.toBe(reason);
    expect(clock.pendingSleepers).toBe(0);
  });

  it("tells when enough sleepers wait", async () => {
    const clock = new ManualClock();
    let reached = false;
    const wait = clock.untilSleeping(2).then(() => (reached = true));
    const first = clock.sleep(1);
    await Promise.resolve();
    expect(reached).toBe(false);
    const second = clock.sleep(1);
    await wait;
    await clock.advance(1);
    await Promise.all([first, second]);
    expect(clock.pendingSleepers).toBe(0);
  });

  it("jumps the wall clock without waking anybody", async () => {
    const clock = new ManualClock({ startMs: 10_000 });
    const controller = new AbortController();
    const sleep = clock.sleep(1, controller.signal);
    clock.jumpTo(5);
    expect([clock.now(), clock.monotonicMs(), clock.pendingSleepers]).toEqual([5, 0, 1]);
    controller.abort("end of test");
    await expect(sleep).rejects.toBe("end of test");
  });
});
