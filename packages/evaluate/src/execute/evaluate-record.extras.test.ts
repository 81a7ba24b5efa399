import { comparisonOperators, taskBuckets, type Json } from "@scouter/contracts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findTaskProblems } from "../task/validate-tasks.ts";
import { evaluateRecord } from "./evaluate-record.ts";
import { inputFor, parsed, taskOf } from "./record.fixture.ts";

const check = async (context: Json, task: Readonly<Record<string, unknown>>) => {
  const assertion = [{ id: "t", expected_value: null, ...task }] as never;
  const row = taskOf(await evaluateRecord(inputFor({ assertion }, context)), "t");
  if (row === undefined) throw new Error("the task has no row");
  return row;
};
const problemsOf = (task: Readonly<Record<string, unknown>>) =>
  findTaskProblems(
    parsed({ assertion: [{ id: "t", operator: "", expected_value: null, ...task }] }),
  ).map(({ kind, message }) => `${kind}: ${message}`);

describe("quantifiers", () => {
  it.each([["most"], [{}], [{ at_least: -1 }], [{ at_least: 3, at_most: 1 }]])(
    "%j is refused",
    (quantifier) => {
      const task = { id: "t", operator: "Equals", expected_value: 1, quantifier };
      const read = taskBuckets.safeParse({ assertion: [task], judge: [], trace: [], agent: [] });
      expect(read.error?.issues.map(({ path }) => path.at(2))).toEqual(["quantifier"]);
    },
  );

  const mixed = [1, 5, 9];
  it.each<[unknown, Json, string, string]>([
    ["all", mixed, "failed", "item[0] is 1"],
    ["all", [5, 6], "passed", "all 2 items"],
    ["any", mixed, "passed", "expected GreaterThan 4 of any item, true of 2 of 3 items"],
    ["any", [1], "failed", "true of 0 of 1 items"],
    ["none", [1, 2], "passed", "of no item"],
    ["none", mixed, "failed", "true of 2 of 3 items"],
    [{ at_least: 2 }, mixed, "passed", "at least 2 items"],
    [{ at_least: 3 }, mixed, "failed", "at least 3 items"],
    [{ at_most: 1 }, mixed, "failed", "at most 1 items"],
    [{ at_least: 1, at_most: 2 }, mixed, "passed", "at least 1 and at most 2 items"],
    ["all", [], "failed", "got an empty array"],
    ["any", [], "failed", "true of 0 of 0 items"],
    ["none", [], "passed", "true of 0 of 0 items"],
    ["any", 7, "errored", "needs an array, because the task has a quantifier, got 7"],
  ])("%j of %j: %s", async (quantifier, value, outcome, words) => {
    const task = { context_path: "v", operator: "GreaterThan", expected_value: 4, quantifier };
    const result = await check({ v: value }, task);
    expect(result.outcome).toBe(outcome);
    expect(result.message).toContain(words);
  });

  it("look at each element, also with operators that take arrays as a whole", async () => {
    const task = { context_path: "v", operator: "IsNumeric", quantifier: "all" };
    expect((await check({ v: [5, 10] }, task)).outcome).toBe("passed");
    const whole = { ...task, quantifier: undefined };
    expect((await check({ v: [5, 10] }, whole)).outcome).toBe("failed");
  });

  it("take the item path, and an item without it does not pass", async () => {
    const items = [{ ms: 3 }, { other: 1 }];
    const task = { context_path: "v", item_context_path: "ms", operator: "Equals" };
    const any = { ...task, expected_value: 3, quantifier: "any" };
    expect((await check({ v: items }, any)).outcome).toBe("passed");
    const none = { ...task, expected_value: 4, quantifier: "none" };
    expect((await check({ v: items }, none)).outcome).toBe("passed");
  });

  it("do not take values that an operator is not defined on for values that do not pass", async () => {
    const task = { context_path: "v", operator: "IsEmail", quantifier: "none" };
    expect((await check({ v: [1, 2] }, task)).error_code).toBe("EVALUATE_TYPE_MISMATCH");
    const any = { ...task, quantifier: "any" };
    expect((await check({ v: [1, "a@b.de"] }, any)).outcome).toBe("passed");
  });
});

describe("negation", () => {
  it.each<[Json, string]>([
    ["a long answer", "failed"],
    ["no", "passed"],
    [5, "errored"],
  ])("of StartsWith a on %j: %s", async (v, outcome) => {
    const task = { context_path: "v", operator: "StartsWith", expected_value: "a", negate: true };
    expect((await check({ v }, task)).outcome).toBe(outcome);
  });

  it("does not turn a check of nothing into one that passed", async () => {
    const task = { context_path: "v", operator: "GreaterThan", expected_value: 4, negate: true };
    expect((await check({ v: [] }, task)).outcome).toBe("failed");
    expect((await check({ v: "text" }, task)).outcome).toBe("failed");
    expect((await check({ v: [1, 9] }, task)).outcome).toBe("passed");
  });

  it("is negation, whatever the operator and the value", async () => {
    const json = fc.jsonValue().map((value) => value as Json);
    const arbitrary = fc.record({
      operator: fc.constantFrom(...comparisonOperators),
      expected_value: fc.oneof(json, fc.constantFrom<Json>(5, "a", [1, 2], ["a"])),
      quantifier: fc.constantFrom(undefined, "all", "any", "none", { at_least: 2 }),
      value: fc.oneof(json, fc.array(fc.oneof(fc.integer(), fc.string()))),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ value, ...task }) => {
        const plainTask = { ...task, context_path: "v" };
        fc.pre(problemsOf(plainTask).length === 0);
        const plain = await check({ v: value }, plainTask);
        const negated = await check({ v: value }, { ...plainTask, negate: true });
        const isTurned = negated.message.endsWith("(negated)");
        const opposite = { passed: "failed", failed: "passed" }[plain.outcome as string];
        expect(negated.outcome).toBe(isTurned ? opposite : plain.outcome);
        // A pass always had something to pass on, so it is always turned.
        expect(plain.outcome === "passed" && !isTurned).toBe(false);
      }),
    );
  });
});

describe("case and tolerance", () => {
  it.each<[Json, string, Json, string]>([
    ["Straße", "Equals", "STRASSE", "passed"],
    ["ΟΔΟΣ", "Equals", "οδος", "passed"],
    ["Yes, Sure", "Contains", "sure", "passed"],
    ["The QUICK fox", "ContainsWord", "quick", "passed"],
    ["ABC-12", "Matches", "^abc-\\d+$", "passed"],
    [["A", "b"], "ContainsAll", ["a", "B"], "passed"],
    [["A", "b"], "SequenceMatches", ["a", "c"], "failed"],
    [["a", "A"], "HasUniqueItems", null, "failed"],
    [{ k: ["X"] }, "Equals", { k: ["x"] }, "passed"],
    [{ K: "x" }, "Equals", { k: "x" }, "failed"],
    [5, "StartsWith", "a", "errored"],
  ])("%j %s %j without case: %s", async (v, operator, expected_value, outcome) => {
    const task = { context_path: "v", operator, expected_value, ignore_case: true };
    const result = await check({ v }, task);
    expect(result.outcome).toBe(outcome);
    // What is stored is what was there, not its folded form.
    expect(result.actual).toEqual(v);
  });

  it.each<[object, Json, string, Json, string]>([
    [{ absolute: 0.5 }, 10.5, "Equals", 10, "passed"],
    [{ absolute: 0.5 }, 10.6, "Equals", 10, "failed"],
    [{ relative: 0.1 }, -108, "Equals", -100, "passed"],
    [{ relative: 0.1 }, 111, "Equals", 100, "failed"],
    [{ relative: 0.1, absolute: 20 }, 111, "Equals", 100, "passed"],
    [{ relative: 0.1 }, 0.001, "Equals", 0, "failed"],
    [{ absolute: 0.5 }, 10.5, "NotEqual", 10, "failed"],
    [{ absolute: 1 }, { a: [1, "x"] }, "Equals", { a: [2, "x"] }, "passed"],
    [{ absolute: 1 }, { a: [1, "x"] }, "Equals", { a: [2, "y"] }, "failed"],
    [{ absolute: 1 }, [1, 2, 3], "SequenceMatches", [2, 3, 4], "passed"],
    [{ absolute: 1 }, [1, 2], "SequenceMatches", [2, 3, 4], "failed"],
    [{ absolute: 1 }, "x", "SequenceMatches", [2], "errored"],
    [{}, 1, "Equals", 1, "passed"],
  ])("within %j: %j %s %j is %s", async (tolerance, v, operator, expected_value, outcome) => {
    const result = await check({ v }, { context_path: "v", operator, expected_value, tolerance });
    expect(result.outcome).toBe(outcome);
  });

  it.each([
    [
      { operator: "IsNumeric", ignore_case: true },
      "ignore_case means nothing to operator IsNumeric",
    ],
    [
      { operator: "LessThan", expected_value: 1, tolerance: {} },
      "tolerance means nothing to operator LessThan",
    ],
    [{ operator: "IsOdd" }, "unknown operator 'IsOdd'"],
  ])("%j is refused when the tasks are made", (task, words) => {
    expect(problemsOf(task)).toEqual([expect.stringContaining(words)]);
  });
});

describe("JSON schema", () => {
  const schema = {
    type: "object",
    properties: { name: { type: "string", minLength: 1 }, tags: { type: "array", maxItems: 2 } },
    required: ["name"],
    additionalProperties: false,
  };
  it.each<[Json, string]>([
    [{ name: "a", tags: [] }, "passed"],
    [{ name: "" }, "failed"],
    [{ name: "a", more: 1 }, "failed"],
    [[{ name: "a" }], "failed"],
    ["text", "failed"],
  ])("%j: %s", async (v, outcome) => {
    const task = { context_path: "v", operator: "MatchesJsonSchema", expected_value: schema };
    expect((await check({ v }, task)).outcome).toBe(outcome);
  });

  it("checks each element under a quantifier", async () => {
    const task = {
      context_path: "v",
      operator: "MatchesJsonSchema",
      expected_value: { type: "integer" },
      quantifier: "any",
    };
    expect((await check({ v: ["a", 5] }, task)).outcome).toBe("passed");
  });

  it.each([
    [{ type: "string", pattern: "^a" }, "without 'pattern'"],
    [{ properties: { a: { format: "email" } } }, "without 'format'"],
    ["string", "a JSON schema"],
  ])("%j is refused: half a schema is no check", (expected_value, words) => {
    const task = { operator: "MatchesJsonSchema", expected_value };
    expect(problemsOf(task)).toEqual([expect.stringContaining(words)]);
  });
});
