import { taskBuckets, type AssertionTaskInput, type Json } from "@scouter/contracts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import {
  arrayCases,
  goldenContext,
  mendedCases,
  operatorCases,
  pathCases,
  valueCases,
} from "@scouter/testkit/golden/assertion-cases";
import { describe, expect, it } from "vitest";
import { compileTasks } from "./execute/compile-tasks.ts";
import { evaluateAssertions } from "./execute/evaluate-record.ts";

// The cases that a system which reads the same task files must agree on. Where the file format's first implementation
// dropped a whole record ("record error"), here the one task ends as `errored`.

function run(context: Json, task: Omit<AssertionTaskInput, "id">) {
  const assertion = [{ id: "check", ...task }];
  const buckets = taskBuckets.parse({ assertion, judge: [], trace: [], agent: [] });
  const { tasks } = evaluateAssertions({
    tasks: compileTasks(buckets),
    context,
    recordUid: "record",
    entityUid: "entity",
    ports: { clock: new ManualClock() },
  });
  const [result] = tasks;
  if (result === undefined) throw new Error("expected one result");
  return result;
}

describe("golden paths", () => {
  it.each(pathCases)("%s", (context_path, value) => {
    const result = run(goldenContext, { context_path, operator: "Equals", expected_value: value });
    expect(result).toMatchObject({ outcome: "passed", actual: value });
  });

  it.each([
    ["nonexistent", "field 'nonexistent' not found"],
    ["info.nonexistent", "field 'nonexistent' not found"],
    ["steps[99]", "index 99 not found"],
    ["state[0]", "index 0 not found"],
  ])("%s errs", (context_path, message) => {
    const result = run(goldenContext, { context_path, operator: "Equals", expected_value: 1 });
    expect(result).toMatchObject({
      outcome: "errored",
      passed: false,
      error_code: "EVALUATE_PATH_NOT_FOUND",
    });
    expect(result.message).toContain(message);
  });

  it.each([
    ["", "empty context path"],
    ["a".repeat(513), "at most 512"],
    [Array.from({ length: 33 }, () => "a").join("."), "at most 32"],
    ["state..x", "at position 6"],
  ])("a bad path is refused when the tasks are made: %.20s", (context_path, message) => {
    expect(() =>
      run(goldenContext, { context_path, operator: "Equals", expected_value: 1 }),
    ).toThrow(message);
  });
});

describe("golden operators", () => {
  it.each(operatorCases)("%s %s %j: %s", (context_path, operator, expected_value, outcome) => {
    expect(run(goldenContext, { context_path, operator, expected_value }).outcome).toBe(outcome);
  });

  it("a pattern that does not compile is refused when the tasks are made", () => {
    const task = {
      context_path: "state",
      operator: "Matches",
      expected_value: "[broken(",
    } as const;
    expect(() => run(goldenContext, task)).toThrow("pattern");
  });

  it.each(valueCases)("%j %s %j: %s", (value, operator, expected_value, outcome) => {
    expect(run(value, { operator, expected_value }).outcome).toBe(outcome);
  });
});

describe("golden arrays", () => {
  const texts = { responses: [{ text: "a" }, { text: "b" }, { text: "c" }] };

  it.each(arrayCases)(
    "%j %s %s %j: %s",
    (context, context_path, operator, expected_value, outcome) => {
      expect(run(context, { context_path, operator, expected_value }).outcome).toBe(outcome);
    },
  );

  it("an operator on whole arrays does not use the item path", () => {
    const task = { context_path: "responses", item_context_path: "text", expected_value: true };
    expect(run(texts, { ...task, operator: "IsNotEmpty" }).outcome).toBe("passed");
  });
});

// Cases where the first implementation was wrong, and ours is not.
describe("mended meanings", () => {
  it.each(mendedCases)("%s", (_what, context, context_path, operator, expected_value, outcome) => {
    expect(run(context, { context_path, operator, expected_value }).outcome).toBe(outcome);
  });

  it("templates are filled when items are checked too", () => {
    const task = {
      context_path: "scores",
      operator: "GreaterThan",
      expected_value: "${min}",
    } as const;
    expect(run({ scores: [5, 6], min: 4 }, task)).toMatchObject({ outcome: "passed", expected: 4 });
    expect(run({ scores: [5, 3], min: 4 }, task)).toMatchObject({ outcome: "failed", actual: 3 });
  });
});
