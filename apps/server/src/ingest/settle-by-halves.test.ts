import { ScouterError } from "@scouter/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { regroup } from "./regroup.ts";
import { settleByHalves } from "./settle-by-halves.ts";

const invalid = new ScouterError({ code: "BAD", kind: "invalid", message: "bad" });
const unavailable = new ScouterError({ code: "DOWN", kind: "unavailable", message: "down" });

describe("settleByHalves", () => {
  it("refuses the guilty items alone and stores each other item once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 40 }), async (guilty) => {
        const items = guilty.map((isGuilty, index) => ({ index, isGuilty }));
        const stored: number[] = [];
        let attempts = 0;
        const outcomes = await settleByHalves(items, (batch) => {
          attempts += 1;
          if (batch.some((item) => item.isGuilty)) return Promise.reject(invalid);
          stored.push(...batch.map((item) => item.index));
          return Promise.resolve(batch.map((item) => item.index));
        });
        expect(outcomes).toEqual(
          items.map((item) =>
            item.isGuilty
              ? { status: "failed", error: invalid }
              : { status: "done", result: item.index },
          ),
        );
        expect(stored).toEqual(items.filter((item) => !item.isGuilty).map((item) => item.index));
        expect(attempts).toBeLessThanOrEqual(Math.max(0, 2 * items.length - 1));
      }),
    );
  });

  it("does not search for a guilty item when the store is away", async () => {
    let attempts = 0;
    const outcomes = await settleByHalves([1, 2, 3, 4], () => {
      attempts += 1;
      return Promise.reject(unavailable);
    });
    expect(attempts).toBe(1);
    expect(outcomes).toEqual([1, 2, 3, 4].map(() => ({ status: "failed", error: unavailable })));
  });

  it("keeps what was stored when the store goes away in between", async () => {
    let attempts = 0;
    const outcomes = await settleByHalves([1, 2, 3, 4], (batch) => {
      attempts += 1;
      if (attempts === 1) return Promise.reject(invalid);
      return attempts === 2 ? Promise.resolve(batch) : Promise.reject(unavailable);
    });
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["done", "done", "failed", "failed"]);
  });
});

describe("regroup", () => {
  it("undoes flattening", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer())), (groups) => {
        expect(
          regroup(
            groups.flat(),
            groups.map((group) => group.length),
          ),
        ).toEqual(groups);
      }),
    );
  });
});
