import type { Json } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { evaluateAssertions } from "./evaluate-record.ts";
import { inputFor } from "./record.fixture.ts";

describe("items", () => {
  const scores = (operator: string, expected_value: Json, context: Json) =>
    evaluateAssertions(
      inputFor(
        {
          assertion: [
            { id: "s", context_path: "s", item_context_path: "n", operator, expected_value },
          ],
        },
        { s: context },
      ),
    ).tasks[0];

  it.each<[string, string, Json, Json, object]>([
    [
      "all pass",
      "LessThan",
      5,
      [{ n: 1 }, { n: 2 }],
      { outcome: "passed", actual: [{ n: 1 }, { n: 2 }] },
    ],
    ["one fails", "LessThan", 2, [{ n: 1 }, { n: 2 }], { outcome: "failed", actual: 2 }],
    [
      "one lacks the path",
      "LessThan",
      5,
      [{ n: 1 }, {}],
      { outcome: "failed", actual: [{ n: 1 }, {}] },
    ],
    ["one is no number", "LessThan", 5, [{ n: "x" }], { outcome: "failed", actual: [{ n: "x" }] }],
    [
      "one has a wrong type",
      "IsPositive",
      null,
      [{ n: "x" }],
      { outcome: "errored", actual: [{ n: "x" }] },
    ],
    ["there are none", "LessThan", 5, [], { outcome: "failed", actual: [] }],
    ["Equals with an item path", "Equals", [1], [{ n: [1] }, { n: [1] }], { outcome: "passed" }],
    ["nested arrays are values", "LessThan", 5, [{ n: [1] }], { outcome: "failed" }],
  ])("%s", (_what, operator, expected, context, result) => {
    expect(scores(operator, expected, context)).toMatchObject(result);
  });

  it.each<[Json, string]>([
    [[{ n: 1 }], "s passed: expected LessThan 5, true of the only item"],
    [[{ n: 1 }, { n: 2 }], "s passed: expected LessThan 5, true of all 2 items"],
    [[{ n: 1 }, { n: 7 }], "s failed: expected LessThan 5 of every item, but item[1] is 7"],
    [
      [{}],
      "s failed: expected LessThan 5 of every item, but item[0] has none: field 'n' not found",
    ],
    [[{ n: "x" }], 's failed: expected LessThan 5, got "x" at item[0], which is not a number'],
    [[], "s failed: expected LessThan 5 of every item, got an empty array"],
  ])("%j says what happened", (context, message) => {
    expect(scores("LessThan", 5, context)?.message).toBe(message);
  });
});
