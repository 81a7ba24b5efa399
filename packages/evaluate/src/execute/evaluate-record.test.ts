import {
  agentEvalWorkflowResult,
  comparisonOperators,
  evalTaskResult,
  taskBuckets,
  type Json,
} from "@scouter/contracts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findTaskProblems } from "../task/validate-tasks.ts";
import { compileTasks } from "./compile-tasks.ts";
import { evaluateAssertions, evaluateRecord, evaluateWith } from "./evaluate-record.ts";
import type { RecordEvaluation } from "./record-run.ts";
import { taskRunners, type TaskRunner, type TaskRunners } from "./task-runner.ts";

interface AnyTask {
  readonly id: string;
  readonly operator?: string;
  readonly expected_value?: unknown;
  readonly [field: string]: unknown;
}
type Buckets = Partial<Record<"assertion" | "judge" | "trace" | "agent", readonly AnyTask[]>>;

function parsed(buckets: Buckets) {
  const complete = (tasks: readonly AnyTask[] = []) =>
    tasks.map((task) => ({ operator: "IsNull", expected_value: null, ...task }));
  return taskBuckets.parse({
    assertion: complete(buckets.assertion),
    judge: complete(buckets.judge?.map((task) => ({ prompt: {}, ...task }))),
    trace: complete(buckets.trace?.map((task) => ({ assertion: { TraceDuration: {} }, ...task }))),
    agent: complete(buckets.agent?.map((task) => ({ assertion: { ResponseModel: {} }, ...task }))),
  });
}

function inputFor(buckets: Buckets, context: Json, more: { readonly signal?: AbortSignal } = {}) {
  return {
    tasks: compileTasks(parsed(buckets)),
    context,
    recordUid: "record-1",
    entityUid: "entity-1",
    ports: { clock: new ManualClock({ startMs: Date.UTC(2025, 2, 1) }) },
    ...more,
  };
}

const outcomes = ({ tasks }: RecordEvaluation) =>
  Object.fromEntries(tasks.map((task) => [task.task_id, task.outcome]));
const taskOf = ({ tasks }: RecordEvaluation, id: string) => tasks.find((t) => t.task_id === id);
const equals = (id: string, context_path: string, expected_value: Json, more = {}): AnyTask => ({
  id,
  context_path,
  operator: "Equals",
  expected_value,
  ...more,
});

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

  it("ends kinds without a runner as errored, and goes on", async () => {
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
    const result = await evaluateRecord(inputFor(buckets, { x: 1 }));
    expect(result.tasks.map((task) => task.task_id)).toEqual([
      "ok",
      "after",
      "gated",
      "judge",
      "trace",
      "agent",
    ]);
    expect(outcomes(result)).toEqual({
      ok: "passed",
      after: "passed",
      gated: "skipped",
      judge: "errored",
      trace: "errored",
      agent: "errored",
    });
    expect(taskOf(result, "judge")).toMatchObject({
      error_code: "EVALUATE_TASK_UNSUPPORTED",
      message: "judge errored: tasks of type LLMJudge are not supported by this version",
      assertion: { FieldPath: null },
    });
    expect(taskOf(result, "trace")?.assertion).toEqual({ TraceAssertion: { TraceDuration: {} } });
    expect(taskOf(result, "agent")?.assertion).toEqual({ AgentAssertion: { ResponseModel: {} } });
    expect(evaluateAssertions(inputFor(buckets, { x: 1 })).workflow).toEqual(result.workflow);
  });

  describe("gates", () => {
    const chain = [
      equals("gate", "x", 1, { condition: true }),
      equals("first", "x", 1, { depends_on: ["gate"] }),
      equals("second", "x", 1, { depends_on: ["first"], condition: true }),
      equals("third", "x", 1, { depends_on: ["second"] }),
    ];

    it("skip dependents of dependents, and name where it began", async () => {
      const result = await evaluateRecord(inputFor({ assertion: chain }, { x: 2 }));
      expect(outcomes(result)).toEqual({
        gate: "failed",
        first: "skipped",
        second: "skipped",
        third: "skipped",
      });
      expect(taskOf(result, "third")).toMatchObject({
        skipped_by: "second",
        message: "third skipped: gate 'gate' did not pass ('second' was skipped for it)",
      });
    });

    it("that err skip their dependents; tasks that fail or err do not", async () => {
      const buckets = {
        assertion: [
          equals("broken_gate", "nope", 1, { condition: true }),
          equals("behind", "x", 1, { depends_on: ["broken_gate"] }),
          equals("fails", "x", 9),
          equals("errs", "nope", 1),
          equals("goes_on", "x", 1, { depends_on: ["fails", "errs"] }),
        ],
      };
      const result = await evaluateRecord(inputFor(buckets, { x: 1 }));
      expect(outcomes(result)).toMatchObject({
        broken_gate: "errored",
        behind: "skipped",
        goes_on: "passed",
      });
      expect(result.workflow).toMatchObject({ errored_tasks: 1, total_tasks: 3 });
    });

    it("must all pass, and the first in the order written is named", async () => {
      const buckets = {
        assertion: [
          equals("open", "x", 1, { condition: true }),
          equals("shut", "x", 2, { condition: true }),
          equals("shut_too", "x", 3, { condition: true }),
          equals("task", "x", 1, { depends_on: ["open", "shut_too", "shut"] }),
        ],
      };
      const result = await evaluateRecord(inputFor(buckets, { x: 1 }));
      expect(taskOf(result, "task")).toMatchObject({ outcome: "skipped", skipped_by: "shut_too" });
    });

    it("close monotonically: what a shut gate skips stays skipped when more gates shut", () => {
      const size = 8;
      const arbitrary = fc.record({
        picks: fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: size, maxLength: size }),
        gates: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
        values: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
        shut: fc.nat({ max: size - 1 }),
      });
      const run = (values: readonly boolean[], picks: number[][], gates: boolean[]) => {
        const assertion = picks.map((row, at) =>
          equals(`t${at}`, `v[${at}]`, true, {
            condition: gates[at],
            depends_on: at === 0 ? [] : row.map((pick) => `t${pick % at}`),
          }),
        );
        return outcomes(evaluateAssertions(inputFor({ assertion }, { v: values })));
      };
      fc.assert(
        fc.property(arbitrary, ({ picks, gates, values, shut }) => {
          const before = run(values, picks, gates);
          const after = run(values.with(shut, false), picks, gates);
          const skipped = Object.keys(before).filter((id) => before[id] === "skipped");
          expect(skipped.filter((id) => after[id] !== "skipped")).toEqual([]);
        }),
        { numRuns: 60 },
      );
    });
  });

  describe("scoped context", () => {
    const run = async (assertion: readonly AnyTask[], context: Json) =>
      evaluateRecord(inputFor({ assertion }, context));

    it("holds the outputs of a task's own dependencies, not of theirs", async () => {
      const result = await run(
        [
          { id: "count", context_path: "items", operator: "HasLengthEqual", expected_value: 9 },
          equals("uses", "count", 3, { depends_on: ["count"] }),
          equals("too_far", "count", 3, { depends_on: ["uses"] }),
          { id: "none", context_path: "count", operator: "IsNull" },
        ],
        { items: [1, 2, 3] },
      );
      expect(outcomes(result)).toEqual({
        count: "failed",
        uses: "passed",
        too_far: "errored",
        none: "errored",
      });
    });

    it("fills templates from it", async () => {
      const result = await run(
        [
          { id: "limit", context_path: "max", operator: "IsNumeric" },
          {
            id: "below",
            context_path: "value",
            operator: "InRange",
            expected_value: [0, "${limit}"],
            depends_on: ["limit"],
          },
        ],
        { max: 10, value: 7 },
      );
      expect(taskOf(result, "below")).toMatchObject({ outcome: "passed", expected: [0, 10] });
    });

    it("puts a context that is no object under `context`", async () => {
      const result = await run(
        [
          { id: "first", operator: "HasLengthEqual", expected_value: 2 },
          equals("base", "context[1]", "b", { depends_on: ["first"] }),
          equals("output", "first", 2, { depends_on: ["first"] }),
        ],
        ["a", "b"],
      );
      expect(outcomes(result)).toEqual({ first: "passed", base: "passed", output: "passed" });
    });

    it("never takes the record's member for a dependency that came to nothing", async () => {
      const result = await run(
        [
          equals("dep", "nope", 1),
          equals("uses", "dep", "from the record", { depends_on: ["dep"] }),
          equals("free", "dep", "from the record"),
        ],
        { dep: "from the record" },
      );
      expect(outcomes(result)).toEqual({ dep: "errored", uses: "errored", free: "passed" });
    });

    it("holds nothing of a dependency that erred on a value", async () => {
      const result = await run(
        [
          { id: "dep", context_path: "n", operator: "StartsWith", expected_value: "5" },
          equals("uses", "dep", 5, { depends_on: ["dep"] }),
        ],
        { n: 5 },
      );
      expect(taskOf(result, "dep")).toMatchObject({ outcome: "errored", actual: 5 });
      expect(taskOf(result, "uses")?.error_code).toBe("EVALUATE_PATH_NOT_FOUND");
    });

    it("leaves the record's context as it was", async () => {
      const context = Object.freeze({ a: 1 });
      await run([equals("a", "a", 1), equals("b", "a", 1, { depends_on: ["a"] })], context);
      expect(context).toEqual({ a: 1 });
    });
  });

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
      [
        "one is no number",
        "LessThan",
        5,
        [{ n: "x" }],
        { outcome: "failed", actual: [{ n: "x" }] },
      ],
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

  describe("waiting tasks", () => {
    const passed = {
      outcome: "passed",
      actual: 1,
      expected: 1,
      detail: "",
      errorCode: null,
    } as const;
    const buckets = {
      assertion: [equals("after", "x", 1, { depends_on: ["judge"] })],
      judge: [{ id: "judge" }],
    };
    const withJudge = (LLMJudge: TaskRunner): TaskRunners => ({ ...taskRunners, LLMJudge });

    it("have their own start and end", async () => {
      const input = inputFor(buckets, { x: 1 });
      const { clock } = input.ports;
      const runners = withJudge(async (_task, _context, scope) => {
        await scope.ports.clock.sleep(250);
        return passed;
      });
      const done = evaluateWith(runners, input);
      await clock.untilSleeping(1);
      await clock.advance(250);
      const result = await done;
      expect(taskOf(result, "judge")).toMatchObject({
        start_time: "2025-03-01T00:00:00.000Z",
        end_time: "2025-03-01T00:00:00.250Z",
      });
      expect(taskOf(result, "after")?.start_time).toBe("2025-03-01T00:00:00.250Z");
      expect(result.workflow.duration_ms).toBe(250);
    });

    it.each([
      ["reject", () => Promise.reject(new Error("socket closed"))],
      [
        "throw",
        () => {
          throw new Error("socket closed");
        },
      ],
    ])("that %s err alone", async (_how, runner) => {
      const result = await evaluateWith(withJudge(runner), inputFor(buckets, { x: 1 }));
      expect(taskOf(result, "judge")).toMatchObject({
        outcome: "errored",
        error_code: "EVALUATE_TASK_CRASHED",
        message: "judge errored: task ended with an unexpected error: socket closed",
      });
      expect(outcomes(result)).toMatchObject({ after: "passed" });
    });

    it("are given up when the signal aborts", async () => {
      const controller = new AbortController();
      const input = inputFor(buckets, { x: 1 }, { signal: controller.signal });
      const reason = new Error("shutting down");
      const runners = withJudge(async (_task, _context, scope) => {
        await scope.ports.clock.sleep(1_000, scope.signal);
        return passed;
      });
      const abort = async () => {
        await input.ports.clock.untilSleeping(1);
        controller.abort(reason);
      };
      await Promise.all([expect(evaluateWith(runners, input)).rejects.toBe(reason), abort()]);
    });
  });

  it("rejects with the signal's reason when aborted before", async () => {
    const signal = AbortSignal.abort("before");
    const input = inputFor({ assertion: [equals("a", "x", 1)] }, {}, { signal });
    await expect(evaluateRecord(input)).rejects.toBe("before");
  });

  describe("whatever the record and the tasks", () => {
    const json = fc.jsonValue().map((value) => value as Json);
    const path = fc.constantFrom(
      null,
      "a",
      "a.b",
      "a[0]",
      "a[-1]",
      "[0]",
      "[*]",
      "a[*].b",
      '["x y"]',
    );
    const context = fc.oneof(
      json,
      fc.dictionary(fc.constantFrom("a", "b", "x y"), json),
      fc.array(fc.dictionary(fc.constantFrom("a", "b"), json)),
    );
    const expected = fc.oneof(
      json,
      fc.constantFrom("${a}", "${a.b}", "x ${a[0]}", [0, "${a}"], 5, "a", [1, 2], ["a"]),
    );
    const task = fc.record({
      context_path: path,
      item_context_path: path,
      operator: fc.constantFrom(...comparisonOperators),
      expected_value: expected,
      condition: fc.boolean(),
    });
    const rows = fc
      .array(fc.tuple(task, fc.array(fc.nat(), { maxLength: 2 })), { minLength: 1, maxLength: 6 })
      .map((list) =>
        list.map(([fields, picks], at): AnyTask => ({
          ...fields,
          id: `t${at}`,
          depends_on: at === 0 ? [] : picks.map((pick) => `t${pick % at}`),
        })),
      )
      .map((list) =>
        // Only sound tasks reach a record; the rest of each list stays.
        list.map((one) =>
          findTaskProblems(parsed({ assertion: [{ ...one, depends_on: [] }] })).length === 0
            ? one
            : { ...one, operator: "IsString", expected_value: null },
        ),
      );

    it("every task has one sound row and the counts agree", async () => {
      await fc.assert(
        fc.asyncProperty(rows, context, async (assertion, value) => {
          const result = await evaluateRecord(inputFor({ assertion }, value));
          expect(result.tasks.map((row) => row.task_id)).toEqual(assertion.map(({ id }) => id));
          for (const row of result.tasks) {
            evalTaskResult.parse(row);
            expect(row.message.startsWith(`${row.task_id} ${row.outcome}`)).toBe(true);
            expect(row.error_code !== null).toBe(row.outcome === "errored");
            expect(row.error_code).not.toBe("EVALUATE_TASK_CRASHED");
            expect(row.skipped_by !== null).toBe(row.outcome === "skipped");
          }
          const counted = result.tasks.filter((row) => !row.condition && row.outcome !== "skipped");
          expect(result.workflow.total_tasks).toBe(counted.length);
          expect(result.workflow.passed_tasks).toBe(counted.filter((row) => row.passed).length);
          expect(JSON.parse(JSON.stringify(result))).toEqual(
            JSON.parse(JSON.stringify(agentRoundTrip(result))),
          );
        }),
      );
    });

    it("the order of declaration changes no outcome", async () => {
      const shuffled = rows.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      );
      await fc.assert(
        fc.asyncProperty(shuffled, context, async ([list, other], value) => {
          const one = await evaluateRecord(inputFor({ assertion: list }, value));
          const two = await evaluateRecord(inputFor({ assertion: other }, value));
          expect(outcomes(two)).toEqual(outcomes(one));
          for (const row of one.tasks) expect(taskOf(two, row.task_id)).toEqual(row);
        }),
      );
    });
  });
});

function agentRoundTrip({ tasks, workflow }: RecordEvaluation): RecordEvaluation {
  return { tasks, workflow: agentEvalWorkflowResult.parse(workflow) };
}
