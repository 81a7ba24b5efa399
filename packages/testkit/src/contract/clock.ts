import type { Clock } from "@scouter/contracts";
import { describe, expect, it } from "vitest";

/** A clock under test and what makes its time pass. */
export interface ClockSubject {
  readonly clock: Clock;
  /** Lets at least this many milliseconds pass: waits, or moves a clock of the test's own. */
  readonly pass: (ms: number) => Promise<void>;
}

/** The contract of the port `Clock`, for every adapter. */
export function clockContract(name: string, makeSubject: () => ClockSubject): void {
  describe(`clock contract: ${name}`, () => {
    it("gives milliseconds of this century", () => {
      const { clock } = makeSubject();
      expect(clock.now()).toBeGreaterThan(Date.UTC(2000, 0, 1));
      expect(clock.now()).toBeLessThan(Date.UTC(2100, 0, 1));
    });

    it("never goes back by its monotonic time and moves as time passes", async () => {
      const { clock, pass } = makeSubject();
      const readings = Array.from({ length: 1000 }, () => clock.monotonicMs());
      expect(readings).toEqual(readings.toSorted((left, right) => left - right));
      const before = clock.monotonicMs();
      await pass(20);
      expect(clock.monotonicMs() - before).toBeGreaterThanOrEqual(20);
    });

    it.each([0, 1, 15])("sleeps at least %d ms", async (ms) => {
      const { clock, pass } = makeSubject();
      const before = clock.monotonicMs();
      const asleep = clock.sleep(ms);
      await pass(ms);
      await asleep;
      // Timers and the monotonic clock may be rounded differently, by less than a millisecond.
      expect(clock.monotonicMs() - before).toBeGreaterThan(ms - 1);
    });

    it("rejects with the reason of a signal that aborted before the call", async () => {
      const { clock } = makeSubject();
      const reason = new Error("not wanted");
      await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    it("rejects as soon as the signal aborts", async () => {
      const { clock } = makeSubject();
      const controller = new AbortController();
      const asleep = clock.sleep(60_000, controller.signal);
      const reason = new Error("enough");
      controller.abort(reason);
      await expect(asleep).rejects.toBe(reason);
    });

    it("takes no notice of an abort after it woke", async () => {
      const { clock, pass } = makeSubject();
      const controller = new AbortController();
      const asleep = clock.sleep(1, controller.signal);
      await pass(1);
      await asleep;
      controller.abort(new Error("late"));
      await expect(asleep).resolves.toBeUndefined();
    });

    it("wakes sleepers in the order of their times", async () => {
      const { clock, pass } = makeSubject();
      const woken: number[] = [];
      const all = [30, 1, 15].map((ms) => clock.sleep(ms).then(() => woken.push(ms)));
      await pass(40);
      await Promise.all(all);
      expect(woken).toEqual([1, 15, 30]);
    });
  });
}
