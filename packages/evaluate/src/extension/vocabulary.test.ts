import { taskBuckets, type Json } from "@scouter/contracts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { describe, expect, it } from "vitest";
// What an app can reach, and nothing else.
import {
  compileTasks,
  evaluateRecord,
  findTaskProblems,
  judgeModels,
  vocabularyWith,
  type ChatModel,
  type EvaluationExtensions,
} from "../index.ts";

const toys: EvaluationExtensions = {
  operators: {
    IsPalindrome: {
      arrays: "each",
      prepare: () => (actual) =>
        typeof actual === "string"
          ? actual === Array.from(actual).toReversed().join("")
          : { mismatch: "errored", wanted: "a string" },
    },
  },
  taskTypes: {
    WordCount: {
      compile: (task) => {
        const field = task["field"];
        if (typeof field !== "string") throw new TypeError("a WordCount needs a field");
        return async (context) => {
          const text = (context as Record<string, Json>)[field];
          return typeof text === "string" ? text.split(/\s+/u).length : null;
        };
      },
    },
  },
};
const clock = new ManualClock();
const toyProvider: ChatModel = {
  provider: "toy",
  model: "parrot",
  complete: async ({ messages }) => ({
    text: messages.at(-1)?.content ?? "",
    model: "parrot",
    inputTokens: 1,
    outputTokens: 1,
  }),
};

const tasks = taskBuckets.parse({
  assertion: [
    { id: "mirror", context_path: "word", operator: "IsPalindrome", expected_value: true },
  ],
  judge: [
    {
      id: "parrot",
      prompt: { model: "parrot", provider: "toy", messages: "${word}" },
      operator: "IsPalindrome",
      expected_value: true,
    },
  ],
  trace: [],
  agent: [],
  custom: [
    { id: "words", type: "WordCount", field: "answer", operator: "LessThan", expected_value: 4 },
    {
      id: "after",
      type: "WordCount",
      field: "answer",
      operator: "Equals",
      expected_value: "${words}",
      depends_on: ["words"],
    },
  ],
});

describe("a language of tasks with words of an app", () => {
  const run = async (context: Json) => {
    const { tasks: rows } = await evaluateRecord({
      tasks: compileTasks(tasks, vocabularyWith(toys)),
      context,
      recordUid: "r",
      entityUid: "e",
      ports: {
        clock,
        judging: { models: judgeModels(clock, new Map([["toy", { create: () => toyProvider }]])) },
      },
    });
    return new Map(rows.map((row) => [row.task_id, row]));
  };

  it("runs a toy operator, a toy task type and a toy provider", async () => {
    const rows = await run({ word: "level", answer: "it is level" });
    const outcomes = [...rows].map(([id, { outcome }]) => [id, outcome]);
    expect(outcomes).toEqual([
      ["mirror", "passed"],
      ["parrot", "passed"],
      ["words", "passed"],
      ["after", "passed"],
    ]);
    expect(rows.get("words")).toMatchObject({
      task_type: "Custom",
      actual: 3,
      assertion: { Custom: { type: "WordCount" } },
    });
    expect(rows.get("parrot")?.judge).toMatchObject({ provider: "toy", calls: 1 });
  });

  it("keeps their errors with their own tasks", async () => {
    const rows = await run({ word: 5, answer: "four words are many" });
    expect(rows.get("mirror")).toMatchObject({
      outcome: "errored",
      error_code: "EVALUATE_TYPE_MISMATCH",
    });
    expect(rows.get("words")?.outcome).toBe("failed");
  });

  it("is not known elsewhere, and says so for each task", () => {
    expect(findTaskProblems(tasks).map(({ taskId, message }) => [taskId, message])).toEqual([
      ["mirror", expect.stringContaining("unknown operator 'IsPalindrome'")],
      ["parrot", expect.stringContaining("unknown operator 'IsPalindrome'")],
      ["words", expect.stringContaining("no task type 'WordCount' is registered")],
      ["after", expect.stringContaining("no task type 'WordCount' is registered")],
    ]);
  });

  it("does not let built-in words mean something else", () => {
    const operators = { Equals: toys.operators!["IsPalindrome"]! };
    expect(() => vocabularyWith({ operators })).toThrow(
      expect.objectContaining({ code: "EVALUATE_EXTENSION_TAKEN" }),
    );
  });
});
