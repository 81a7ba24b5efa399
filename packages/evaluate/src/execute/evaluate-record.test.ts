import { agentEvalWorkflowResult, evalTaskResult, type Json } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { evaluateAssertions, evaluateRecord } from "./evaluate-record.ts";
import { equals, inputFor, outcomes, taskOf } from "./record.fixture.ts";

describe("evaluateRecord", () => {
  it("makes complete rows and a workflow result of the wire's shape", async () => {
    const buckets = {
      assertion: [equals("a", "x", 1), equals("b", "x", 2, { depends_on: ["a"] })],
    };
    const { tasks, workflow } = await evaluateRecord(inputFor(buckets, { x: 1 }));
    expect(tasks.map((task) => evalTaskResult.parse(task))).toEqual(tasks);
    expect(tasks[0]).toEqual({
      created_at: "2025-03-01T00:00:00.000Z",
      start_time: "2025-03-01T00:00:00.000Z",
      end_time: "2025-03-01T00:00:00.000Z",
      record_uid: "record-1",
      entity_id: 0,
      entity_uid: "entity-1",
      task_id: "a",
      task_type: "Assertion",
      passed: true,
      value: 1,
      assertion: { FieldPath: "x" },
      operator: "Equals",
      expected: 1,
      actual: 1,
      message: "a passed: expected Equals 1, got 1",
      condition: false,
      stage: 0,
      outcome: "passed",
      skipped_by: null,
      error_code: null,
    });
    expect(tasks[1]).toMatchObject({ stage: 1, message: "b failed: expected Equals 2, got 1" });
    expect(agentEvalWorkflowResult.parse(workflow)).toMatchObject({
      total_tasks: 2,
      passed_tasks: 1,
      failed_tasks: 1,
      pass_rate: 0.5,
      skipped_tasks: 0,
      errored_tasks: 0,
      execution_plan: { stages: [["a"], ["b"]] },
    });
  });

  it("runs only the branch whose gate passes", async () => {
    const gate = (word: string) => equals(`is_${word}`, "input", word, { condition: true });
    const branch = (word: string) =>
      equals(`is_${word}_${word}`, "response", `${word}_${word}`, { depends_on: [`is_${word}`] });
    const words = ["foo", "bar", "baz"];
    const buckets = { assertion: [...words.map(gate), ...words.map(branch)] };
    const result = await evaluateRecord(inputFor(buckets, { input: "bar", response: "bar_bar" }));
    expect(outcomes(result)).toEqual({
      is_foo: "failed",
      is_bar: "passed",
      is_baz: "failed",
      is_foo_foo: "skipped",
      is_bar_bar: "passed",
      is_baz_baz: "skipped",
    });
    expect(result.workflow).toMatchObject({
      total_tasks: 1,
      passed_tasks: 1,
      failed_tasks: 0,
      pass_rate: 1,
      skipped_tasks: 2,
    });
    expect(taskOf(result, "is_foo_foo")).toMatchObject({
      passed: false,
      value: 0,
      actual: null,
      expected: "foo_foo",
      skipped_by: "is_foo",
      message: "is_foo_foo skipped: gate 'is_foo' did not pass",
    });
  });

  it("counts errors as failures of their own task alone", async () => {
    const context = { input: { foo: "bar", bar: "not_a_number", baz: [1, 2, 3] } };
    const buckets = {
      assertion: [
        equals("foo", "input.foo", "bar"),
        { id: "number", context_path: "input.bar", operator: "IsNumeric" },
        { id: "three", context_path: "input.baz", operator: "HasLengthEqual", expected_value: 3 },
        equals("missing", "input.nope", 1),
        {
          id: "mismatch",
          context_path: "input.baz[0]",
          operator: "StartsWith",
          expected_value: "1",
        },
        {
          id: "template",
          context_path: "input.foo",
          operator: "Equals",
          expected_value: "${gone}",
        },
        {
          id: "filled",
          context_path: "input.foo",
          operator: "LessThan",
          expected_value: "${input.foo}",
        },
      ],
    };
    const result = await evaluateRecord(inputFor(buckets, context));
    expect(
      result.tasks.map(({ task_id, outcome, error_code }) => [task_id, outcome, error_code]),
    ).toEqual([
      ["foo", "passed", null],
      ["number", "failed", null],
      ["three", "passed", null],
      ["missing", "errored", "EVALUATE_PATH_NOT_FOUND"],
      ["mismatch", "errored", "EVALUATE_TYPE_MISMATCH"],
      ["template", "errored", "EVALUATE_TEMPLATE_NOT_FOUND"],
      ["filled", "errored", "EVALUATE_EXPECTED_INVALID"],
    ]);
    expect(result.workflow).toMatchObject({
      total_tasks: 7,
      passed_tasks: 2,
      failed_tasks: 5,
      errored_tasks: 4,
      skipped_tasks: 0,
    });
    expect(taskOf(result, "missing")?.message).toBe(
      "missing errored: field 'nope' not found (path 'input.nope', in 'input')",
    );
    expect(taskOf(result, "mismatch")).toMatchObject({ actual: 1, expected: "1" });
    expect(taskOf(result, "template")).toMatchObject({ actual: null, expected: "${gone}" });
  });

  it("has a pass rate of 0 when nothing counted", async () => {
    const gate = equals("gate", "x", 2, { condition: true });
    const buckets = { assertion: [gate, equals("a", "x", 1, { depends_on: ["gate"] })] };
    const { workflow } = await evaluateRecord(inputFor(buckets, { x: 1 }));
    expect(workflow).toMatchObject({ total_tasks: 0, pass_rate: 0, skipped_tasks: 1 });
  });

  it("ends kinds whose port was not handed in as errored, and goes on", async () => {
    const buckets = {
      assertion: [
        equals("ok", "x", 1),
        equals("after", "x", 1, { depends_on: ["judge"] }),
        equals("gated", "x", 1, { depends_on: ["trace"] }),
      ],
      judge: [{ id: "judge" }],
      trace: [{ id: "trace", condition: true }],
      agent: [{ id: "agent" }],
    };
    const result = await evaluateRecord(inputFor(buckets, { x: 1, answer: 1 }));
    expect(
      result.tasks.map(({ task_id, outcome, error_code }) => [task_id, outcome, error_code]),
    ).toEqual([
      ["ok", "passed", null],
      ["after", "passed", null],
      ["gated", "skipped", null],
      ["judge", "errored", "EVALUATE_JUDGE_MODEL_MISSING"],
      ["trace", "errored", "EVALUATE_SPAN_SOURCE_MISSING"],
      ["agent", "errored", "EVALUATE_RESPONSE_UNKNOWN"],
    ]);
    expect(taskOf(result, "judge")?.assertion).toEqual({ FieldPath: null });
    expect(taskOf(result, "trace")?.assertion).toEqual({ TraceAssertion: { TraceDuration: {} } });
    expect(taskOf(result, "agent")?.assertion).toEqual({ AgentAssertion: { ResponseModel: {} } });
    const without = evaluateAssertions(inputFor(buckets, { x: 1, answer: 1 }));
    expect(taskOf(without, "judge")?.error_code).toBe("EVALUATE_TASK_UNSUPPORTED");
    expect(without.workflow).toEqual(result.workflow);
  });

  describe("values that do not fit JSON", () => {
    it("are stored as text, and compared as they are", () => {
      const check = { id: "a", context_path: "x", operator: "GreaterThan", expected_value: 1 };
      const run = (x: Json) => evaluateAssertions(inputFor({ assertion: [check] }, { x })).tasks[0];
      expect(run(Infinity)).toMatchObject({ outcome: "passed", actual: "Infinity" });
      expect(run(Number.NaN)).toMatchObject({ outcome: "failed", actual: "NaN" });
    });

    it("are cut where they are nested too deep, without harm to other tasks", () => {
      let deep: Json = 1;
      for (let level = 0; level < 100_000; level += 1) deep = { deep };
      const buckets = {
        assertion: [
          { id: "whole", operator: "IsObject" },
          { id: "same", operator: "Equals", expected_value: "${deep}", context_path: "deep" },
          { id: "unlike", operator: "HasUniqueItems", context_path: "list" },
          equals("other", "x", 1),
        ],
      };
      const result = evaluateAssertions(inputFor(buckets, { deep, list: [deep], x: 1 }));
      expect(outcomes(result)).toMatchObject({
        whole: "passed",
        unlike: "errored",
        other: "passed",
      });
      expect(taskOf(result, "unlike")?.error_code).toBe("EVALUATE_VALUE_TOO_DEEP");
      expect(JSON.stringify(result)).toContain("nested too deep");
    });
  });

  it("stays brief about long values", () => {
    const check = equals("long", "text", "b".repeat(100_000));
    const result = evaluateAssertions(inputFor({ assertion: [check] }, { text: "a".repeat(5e6) }));
    expect(result.tasks[0]?.message.length).toBeLessThan(1_200);
  });

  it("cuts large values in results, and hands dependents the whole", () => {
    const text = "x".repeat(100_000);
    const buckets = {
      assertion: [
        equals("long", "text", "${text}"),
        { id: "list", context_path: "list", operator: "HasUniqueItems" },
        {
          id: "sees_all",
          context_path: "long",
          operator: "HasLengthEqual",
          expected_value: 100_000,
          depends_on: ["long"],
        },
        equals("small", "small", "y"),
      ],
    };
    const list = Array.from({ length: 30_000 }, (_, index) => index);
    const result = evaluateAssertions(inputFor(buckets, { text, list, small: "y" }));
    const cut = { truncated: true, max_bytes: 65_536 };
    expect(taskOf(result, "long")).toMatchObject({
      outcome: "passed",
      actual: { ...cut, beginning: "x".repeat(2_000) },
      expected: cut,
    });
    expect(taskOf(result, "list")).toMatchObject({ outcome: "passed", actual: cut });
    expect(outcomes(result)).toMatchObject({ sees_all: "passed", small: "passed" });
    expect(taskOf(result, "small")?.actual).toBe("y");
  });

  it("rejects with the signal's reason when aborted before", async () => {
    const signal = AbortSignal.abort("before");
    const input = inputFor({ assertion: [equals("a", "x", 1)] }, {}, { signal });
    await expect(evaluateRecord(input)).rejects.toBe("before");
  });
});
