import { isScouterError } from "@scouter/contracts";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { tools } from "../agent/tools.ts";
import type { Car } from "../cars/car.ts";
import { readCarList } from "../cars/car-list.ts";
import { understandQuestion } from "../model/understand-question.ts";
import { makeQuestions } from "./make-questions.ts";

let cars: readonly Car[] = [];
beforeAll(async () => {
  cars = await readCarList();
});

describe("the car list", () => {
  it("has the 406 cars of the installed package", () => {
    expect(cars).toHaveLength(406);
    expect(cars[0]).toEqual({
      name: "chevrolet chevelle malibu",
      year: 1970,
      origin: "USA",
      cylinders: 8,
      figures: {
        horsepower: 130,
        fuel_economy: 18,
        weight: 3504,
        displacement: 307,
        acceleration: 12,
      },
    });
  });
});

describe("makeQuestions", () => {
  it("repeats itself for the same seed and differs for another", () => {
    expect(makeQuestions(cars, 40, 7)).toEqual(makeQuestions(cars, 40, 7));
    expect(makeQuestions(cars, 40, 8)).not.toEqual(makeQuestions(cars, 40, 7));
  });

  it("mixes all kinds", () => {
    const kinds = makeQuestions(cars, 60, 7).map((question) => question.kind);
    const count = (kind: string) => kinds.filter((each) => each === kind).length;
    expect([count("lookup"), count("statistic"), count("count"), count("out-of-scope")]).toEqual([
      30, 12, 6, 12,
    ]);
  });

  it("expects what the right tool finds, and no tool for what is out of scope", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 40 }), (seed, count) => {
        for (const { text, expected } of makeQuestions(cars, count, seed)) {
          const intention = understandQuestion(text);
          expect(intention?.tool ?? null).toBe(expected.tool);
          if (intention === undefined) continue;
          const result = tools.get(intention.tool)?.run(intention.arguments, cars);
          expect(result).toMatchObject({ value: expected.value, unit: expected.unit });
          const [lowest, highest] = expected.plausibleRange ?? [0, 0];
          expect(result?.value).toBeGreaterThanOrEqual(lowest);
          expect(result?.value).toBeLessThanOrEqual(highest);
        }
      }),
      { numRuns: 20 },
    );
  });

  it.each([0, -1, 1.5, Number.NaN, 100_001])("refuses %s questions", (count) => {
    expect(() => makeQuestions(cars, count, 7)).toThrowError(
      expect.toSatisfy((error) => isScouterError(error) && error.code === "DEMO_QUESTIONS"),
    );
  });
});
