import { taskBuckets, type AssertionTaskInput, type TaskBuckets } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { taskProblemsOf } from "./task-problem.ts";
import { findTaskProblems, validateTasks } from "./validate-tasks.ts";

type Task = Partial<AssertionTaskInput> & { readonly id: string };

function assertions(...tasks: readonly Task[]): TaskBuckets {
  const assertion = tasks.map((task) => ({ operator: "IsString", expected_value: null, ...task }));
  return taskBuckets.parse({ assertion, judge: [], trace: [], agent: [] });
}

describe("findTaskProblems", () => {
  it("finds none in a sound list", () => {
    const tasks = assertions(
      { id: "a", context_path: "x[0].y", condition: true },
      { id: "b", depends_on: ["a", "a"], operator: "Matches", expected_value: "^a+$" },
      { id: "c", depends_on: ["b", "a"], operator: "GreaterThan", expected_value: "${b.min}" },
    );
    expect(findTaskProblems(tasks)).toEqual([]);
  });

  it.each<[string, readonly Task[], string, string | null, string]>([
    ["an empty list", [], "empty-list", null, "the task list is empty"],
    ["ids that repeat", [{ id: "a" }, { id: "a" }], "duplicate-id", "a", "2 tasks have this id"],
    ["a reserved id", [{ id: "__proto__" }], "reserved-id", "__proto__", "reserved"],
    [
      "an unknown dependency",
      [{ id: "a", depends_on: ["b"] }],
      "unknown-dependency",
      "a",
      "no task has the id 'b'",
    ],
    [
      "a dependency that is ambiguous but for case",
      [{ id: "Check" }, { id: "check" }, { id: "b", depends_on: ["CHECK"] }],
      "unknown-dependency",
      "b",
      "differs only by case from 'Check', 'check'",
    ],
    [
      "a task that waits for itself",
      [{ id: "a", depends_on: ["a"] }],
      "cycle",
      "a",
      "cycle a -> a",
    ],
    [
      "a cycle",
      [
        { id: "a", depends_on: ["c"] },
        { id: "b", depends_on: ["a"] },
        { id: "c", depends_on: ["b"] },
        { id: "after", depends_on: ["c"] },
      ],
      "cycle",
      "a",
      "cycle a -> c -> b -> a",
    ],
    [
      "a bad path",
      [{ id: "a", context_path: "x-y" }],
      "path",
      "a",
      "task 'a', context_path: context path 'x-y'",
    ],
    ["a bad item path", [{ id: "a", item_context_path: "x." }], "path", "a", "item_context_path"],
    [
      "a bad template",
      [{ id: "a", expected_value: ["${x y}"] }],
      "template",
      "a",
      "template '${x y}'",
    ],
    [
      "a bad pattern",
      [{ id: "a", operator: "Matches", expected_value: "(" }],
      "pattern",
      "a",
      "missing closing )",
    ],
    [
      "a bad range",
      [{ id: "a", operator: "InRange", expected_value: [1] }],
      "expected-value",
      "a",
      "InRange needs an array of two numbers [min, max]",
    ],
    [
      "a bad number",
      [{ id: "a", operator: "LessThan", expected_value: "5" }],
      "expected-value",
      "a",
      "needs a number",
    ],
  ])("finds %s", (_what, tasks, kind, taskId, message) => {
    const problems = findTaskProblems(assertions(...tasks));
    expect(problems).toEqual([
      expect.objectContaining({ kind, taskId, message: expect.stringContaining(message) }),
    ]);
  });

  it("finds every problem at once, over all buckets", () => {
    const buckets = taskBuckets.parse({
      assertion: [
        {
          id: "a",
          operator: "Matches",
          expected_value: "[",
          context_path: "..",
          depends_on: ["x"],
        },
      ],
      judge: [
        { id: "a", operator: "Equals", expected_value: 1, prompt: {}, context_path: "score-1" },
      ],
      trace: [
        { id: "t", operator: "InRange", expected_value: 3, assertion: {}, depends_on: ["u"] },
        { id: "u", operator: "Equals", expected_value: 3, assertion: {}, depends_on: ["t"] },
      ],
      agent: [
        { id: "g", operator: "Equals", expected_value: "${", assertion: {}, context_path: "a b" },
      ],
    });
    const kinds = findTaskProblems(buckets).map(({ taskId, kind }) => `${taskId} ${kind}`);
    expect(kinds).toEqual([
      "a duplicate-id",
      "a unknown-dependency",
      "t cycle",
      "a path",
      "a pattern",
      "a path",
      "a prompt",
      "t expected-value",
      "t assertion",
      "u assertion",
      "g path",
      "g assertion",
    ]);
  });

  it("names one cycle of each knot", () => {
    const tasks = assertions(
      { id: "a", depends_on: ["b"] },
      { id: "b", depends_on: ["a"] },
      { id: "between", depends_on: ["b"] },
      { id: "c", depends_on: ["d", "between"] },
      { id: "d", depends_on: ["c"] },
    );
    const cycles = findTaskProblems(tasks).map(({ message }) => message);
    expect(cycles).toEqual([
      "task 'a', depends_on: cycle a -> b -> a",
      "task 'c', depends_on: cycle c -> d -> c",
    ]);
  });

  it("takes a reference that differs only by case", () => {
    const tasks = assertions({ id: "checktool" }, { id: "b", depends_on: ["CheckTool"] });
    expect(findTaskProblems(tasks)).toEqual([]);
  });

  it("copes with long chains and wide lists", () => {
    const chain = Array.from({ length: 10_000 }, (_, at) => ({
      id: `t${at}`,
      depends_on: [`t${(at + 1) % 10_000}`],
    }));
    const problems = findTaskProblems(assertions(...chain));
    expect(problems.map(({ kind }) => kind)).toEqual(["cycle"]);
  });
});

describe("validateTasks", () => {
  const thrownBy = (buckets: TaskBuckets): unknown => {
    try {
      validateTasks(buckets);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it("puts all problems in one error, as text and as a list", () => {
    const error = thrownBy(
      assertions({ id: "a", context_path: "-" }, { id: "b", depends_on: ["nope"] }),
    );
    expect(error).toMatchObject({ code: "EVALUATE_TASKS_INVALID", kind: "invalid" });
    expect(String(error)).toMatch(/2 problems in the tasks: .*'nope'.*; .*context_path.*/);
    expect(taskProblemsOf(error).map(({ kind }) => kind)).toEqual(["unknown-dependency", "path"]);
  });

  it("spells out the first 50", () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ id: `t${at}`, context_path: "-" }));
    const error = thrownBy(assertions(...many));
    expect(String(error)).toContain("60 problems");
    expect(String(error)).toContain("; and 10 more");
    expect(String(error)).not.toContain("'t50'");
    expect(taskProblemsOf(error)).toHaveLength(60);
  });

  it("says nothing about sound tasks, and other errors have no list", () => {
    expect(thrownBy(assertions({ id: "a" }))).toBeUndefined();
    expect(taskProblemsOf(new Error("other"))).toEqual([]);
  });
});
