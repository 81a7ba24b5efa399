import fc from "fast-check";
import { describe, expect, it } from "vitest";
import golden from "../../golden/sign-flip.json" with { type: "json" };
import { seededRandom } from "../random/seeded-random.ts";
import { signFlipTest } from "./sign-flip-test.ts";

const random = seededRandom(1);

describe("signFlipTest", () => {
  it.each(golden.sign_flip)("is SciPy's for $differences", ({ differences, p }) => {
    const own = signFlipTest(differences, { random: seededRandom(4) });
    // Five standard errors where both are drawn.
    const tolerance = own.method === "exact" ? 1e-12 : 0.025;
    expect(Math.abs(own.p - p)).toBeLessThan(tolerance);
  });

  it("knows nothing without a difference, and turns with the sign", () => {
    expect(signFlipTest([], { random })).toEqual({ p: 1, method: "exact" });
    expect(signFlipTest([0, 0], { random }).p).toBe(1);
    const numbers = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 10 });
    fc.assert(
      fc.property(numbers, (list) => {
        const { p } = signFlipTest(list, { random });
        const other = signFlipTest(
          list.map((own) => -own),
          { random },
        );
        expect(p).toBeGreaterThan(0);
        // Both tails hold the observed sum itself.
        expect(p + other.p).toBeGreaterThan(1);
        expect(signFlipTest([...list, 0], { random }).p).toBe(p);
      }),
    );
  });

  it("draws for many, the same with the same seed", () => {
    const list = Array.from({ length: 60 }, (_, index) => (index % 4 === 0 ? 1 : -1));
    const first = signFlipTest(list, { random: seededRandom(7), draws: 2_000 });
    expect(first.method).toBe("sampled");
    expect(first.p).toBeLessThan(0.01);
    expect(signFlipTest(list, { random: seededRandom(7), draws: 2_000 })).toEqual(first);
  });

  it("refuses what is no number", () => {
    expect(() => signFlipTest([Number.NaN], { random })).toThrow("a finite number");
  });
});
