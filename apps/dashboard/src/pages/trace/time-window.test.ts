import fc from "fast-check";
import { expect, it } from "vitest";
import { parseWindow, ticksOf, windowBetween, windowText } from "./time-window.ts";

const whole = { fromNs: 0, toNs: 1e9 };

it.each([
  [{ fromNs: 0, toNs: 1e9 }, 5, [0, 2e8, 4e8, 6e8, 8e8]],
  [{ fromNs: 120, toNs: 480 }, 4, [200, 300, 400]],
  [{ fromNs: 3, toNs: 4 }, 1, [3]],
])("%j has the ticks %#", (window, most, expected) => {
  expect(ticksOf(window, most)).toEqual(expected);
});

it("a window lies in the whole, whichever way it was dragged, and is read back from the address", () => {
  const point = fc.integer({ min: -1e9, max: 2e9 });
  fc.assert(
    fc.property(point, point, (one, other) => {
      const window = windowBetween(one, other, whole);
      expect(window.fromNs).toBeGreaterThanOrEqual(0);
      expect(window.toNs).toBeLessThanOrEqual(1e9);
      expect(window.toNs).toBeGreaterThan(window.fromNs);
      expect(parseWindow(windowText(window), whole)).toEqual(window);
    }),
  );
});

it("ticks lie in the window and are as few as asked", () => {
  const from = fc.integer({ min: 0, max: 1e12 });
  fc.assert(
    fc.property(
      from,
      fc.integer({ min: 1, max: 1e12 }),
      fc.integer({ min: 1, max: 12 }),
      (fromNs, length, most) => {
        const window = { fromNs, toNs: fromNs + length };
        const ticks = ticksOf(window, most);
        expect(ticks.length).toBeLessThanOrEqual(most);
        for (const tick of ticks) {
          // Steps below a nanosecond cannot be written exactly.
          expect(tick).toBeGreaterThanOrEqual(window.fromNs - 1e-3);
          expect(tick).toBeLessThanOrEqual(window.toNs + 1e-3);
        }
      },
    ),
  );
});

it.each([undefined, "", "5", "9-3", "a-b", "2000000000-3000000000"])(
  "'%s' is no window",
  (text) => {
    expect(parseWindow(text, whole)).toBeUndefined();
  },
);
