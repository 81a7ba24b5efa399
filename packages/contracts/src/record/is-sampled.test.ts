import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSampled } from "./is-sampled.ts";

const traceId = (n: number) => n.toString(16).padStart(32, "0");

describe("isSampled", () => {
  it.each([0.01, 0.1, 0.5, 0.9])("keeps a share of %d, of ids that count up too", (ratio) => {
    const count = 50_000;
    const kept = Array.from({ length: count }, (_, n) => isSampled(traceId(n), ratio));
    const share = kept.filter(Boolean).length / count;
    // Six standard deviations: the ids are fixed, so it passes always or never.
    expect(Math.abs(share - ratio)).toBeLessThan(6 * Math.sqrt((ratio * (1 - ratio)) / count));
  });

  it("keeps all at 1 and none at 0, whatever the case of the id, and more at a larger ratio", () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0, max: 1, noNaN: true }), (key, ratio) => {
        expect(isSampled(key, 1)).toBe(true);
        expect(isSampled(key, 0)).toBe(false);
        expect(isSampled(key.toUpperCase().toLowerCase(), ratio)).toBe(
          isSampled(key.toUpperCase(), ratio),
        );
        expect(isSampled(key, ratio) && !isSampled(key, (ratio + 1) / 2)).toBe(false);
      }),
    );
  });
});
