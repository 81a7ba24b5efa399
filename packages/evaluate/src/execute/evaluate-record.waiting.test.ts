import { describe, expect, it } from "vitest";
import { evaluateWith } from "./evaluate-record.ts";
import { taskRunners, type TaskRunner, type TaskRunners } from "./task-runner.ts";
import { equals, inputFor, outcomes, taskOf } from "./record.fixture.ts";

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
