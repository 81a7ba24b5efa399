import { taskBuckets } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { compileTasks, compileTasksInTurns } from "../execute/compile-tasks.ts";
import { builtInVocabulary } from "../extension/vocabulary.ts";
import { findTaskProblems, validateTasksInTurns } from "../task/validate-tasks.ts";
import { taskProblemsOf } from "../task/task-problem.ts";
import { inTurns, type Steps } from "./steps.ts";

const COUNT = 40;
const none = { assertion: [], judge: [], trace: [], agent: [] };
const tasks = Array.from({ length: COUNT }, (_, index) => ({
  id: `t${index}`,
  context_path: "answer",
  operator: "Matches",
  expected_value: `order ${index}`,
}));
const good = taskBuckets.parse({ ...none, assertion: tasks });
const bad = taskBuckets.parse({
  ...none,
  assertion: tasks.map((task, index) =>
    index % 10 === 7 ? { ...task, context_path: ".." } : task,
  ),
});

/** Counts how often the work asked, and lets go every third time. */
function countedTurn() {
  const counted = { asked: 0, turn: () => undefined as Promise<void> | undefined };
  counted.turn = () => {
    counted.asked += 1;
    return counted.asked % 3 === 0 ? Promise.resolve() : undefined;
  };
  return counted;
}

describe("work in turns", () => {
  it("comes to the same tasks as at once, and asks before each of them", async () => {
    const counted = countedTurn();
    const compiled = await compileTasksInTurns(good, builtInVocabulary, counted.turn);
    const shown = (made: typeof compiled) => made.tasks.map(({ id, stage }) => [id, stage]);
    expect(shown(compiled)).toEqual(shown(compileTasks(good)));
    expect(counted.asked).toBeGreaterThanOrEqual(2 * COUNT);
  });

  it("finds the same problems as at once", async () => {
    const refused = validateTasksInTurns(bad, builtInVocabulary, countedTurn().turn);
    const error: unknown = await refused.catch((thrown: unknown) => thrown);
    expect(taskProblemsOf(error)).toEqual(findTaskProblems(bad));
    expect(taskProblemsOf(error)).toHaveLength(COUNT / 10);
  });

  it("lets other work run in between", async () => {
    const order: string[] = [];
    const work = function* (): Steps<void> {
      for (const step of ["first", "second"]) {
        order.push(step);
        yield;
      }
    };
    const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
    setImmediate(() => order.push("other"));
    await inTurns(work(), pause);
    expect(order).toEqual(["first", "other", "second"]);
  });
});
