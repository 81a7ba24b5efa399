import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { uuidv7, uuidv7Generator } from "./uuidv7.ts";

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("uuidv7", () => {
  test("holds the time, the version and the variant where RFC 9562 puts them", () => {
    // Time of the RFC's example in appendix A.6: 2022-02-22T14:22:22-05:00 is 017f22e279b0.
    const next = uuidv7Generator({ nowMs: () => 0x017f22e279b0, fillRandom: (b) => b.fill(0xff) });
    expect(next()).toBe("017f22e2-79b0-77ff-bfff-ffffffffffff");
  });

  test("texts of one generator ascend whatever the clock does", () => {
    const stepsMs = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(stepsMs, fc.nat(255), (steps, randomByte) => {
        let nowMs = 1_700_000_000_000;
        const next = uuidv7Generator({ nowMs: () => nowMs, fillRandom: (b) => b.fill(randomByte) });
        let last = "";
        for (const step of steps) {
          nowMs += step;
          const uuid = next();
          expect(uuid).toMatch(FORM);
          expect(uuid > last).toBe(true);
          last = uuid;
        }
      }),
    );
  });

  test("a full counter borrows the next millisecond", () => {
    const next = uuidv7Generator({ nowMs: () => 1_000, fillRandom: (b) => b.fill(0) });
    const uuids = Array.from({ length: 5_000 }, next);
    expect(new Set(uuids).size).toBe(5_000);
    expect(uuids.toSorted()).toEqual(uuids);
    expect(uuids.at(-1)?.slice(0, 13)).toBe("00000000-03e9");
  });

  test("the default generator does not repeat itself", () => {
    const uuids = Array.from({ length: 10_000 }, uuidv7);
    expect(new Set(uuids).size).toBe(10_000);
    expect(uuids.every((uuid) => FORM.test(uuid))).toBe(true);
  });
});
