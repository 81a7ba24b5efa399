import { agentEvalProfile } from "@scouter/contracts";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { agentAssertion, assertion, judge, tasksOn, traceAssertion } from "./define-task.ts";
import { defineProfile } from "./define-profile.ts";
import type { PathIn } from "./path-in.ts";

const answer = z.object({ score: z.number().int(), reason: z.string() });

describe("defineProfile", () => {
  it("is the wire's profile", () => {
    const profile = defineProfile({
      space: "support",
      name: "answers",
      tasks: [
        assertion("Answered", { path: "answer", operator: "IsNotEmpty", gate: true }),
        assertion("polite", {
          path: "answer",
          operator: "Contains",
          expected: "damn",
          not: true,
          ignoreCase: true,
          after: ["answered"],
        }),
        judge("quality", {
          prompt: { provider: "openai", model: "gpt-4o-mini", messages: "Rate ${answer}", answer },
          path: "score",
          operator: "GreaterThanOrEqual",
          expected: 4,
          votes: 3,
          after: ["polite"],
        }),
        traceAssertion("quick", { of: { TraceDuration: {} }, operator: "LessThan", expected: 900 }),
        agentAssertion("searched", {
          of: { ToolCalled: { name: "search" } },
          path: "response",
          operator: "Equals",
          expected: true,
        }),
      ],
    });
    expect(agentEvalProfile.parse(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    expect(profile.task_ids).toEqual(["answered", "polite", "quality", "quick", "searched"]);
    expect(profile.tasks.assertion[0]).not.toHaveProperty("negate");
    expect(profile.tasks.assertion[1]).toMatchObject({
      negate: true,
      ignore_case: true,
      depends_on: ["answered"],
    });
    expect(profile.tasks.judge[0]).toMatchObject({
      votes: 3,
      prompt: { response_format: { type: "object", required: ["score", "reason"] } },
    });
  });

  it("does not compile when a task waits for nobody", () => {
    const tasks = () =>
      defineProfile({
        space: "s",
        name: "n",
        tasks: [
          assertion("a", { operator: "IsString" }),
          // @ts-expect-error: 'c' is not in this profile
          assertion("b", { operator: "IsString", after: ["a", "c"] }),
        ],
      });
    expect(tasks).toThrow(expect.objectContaining({ code: "SDK_TASK_UNKNOWN_DEPENDENCY" }));
  });
});

describe("tasks", () => {
  it("take what their operator can compare with, and nothing else", () => {
    assertion("a", { operator: "InRange", expected: [0, 1] });
    assertion("a", { operator: "LessThan", expected: "${limits.max}" });
    assertion("a", { operator: "IsEmail" });
    // @ts-expect-error: a number is compared with a number
    assertion("a", { operator: "LessThan", expected: "5" });
    // @ts-expect-error: a range has two ends
    assertion("a", { operator: "InRange", expected: [0] });
    // @ts-expect-error: equality needs something to be equal to
    assertion("a", { operator: "Equals" });
    // @ts-expect-error: no such operator
    assertion("a", { operator: "IsOdd", expected: true });
    expect(assertion("a", { operator: "IsEmail" }).expected_value).toBe(true);
  });

  it("of a known context take paths that lead somewhere", () => {
    interface Context {
      readonly answer: { readonly text: string; readonly sources: readonly { url: string }[] };
      readonly scores?: number[];
    }
    expectTypeOf<"answer.sources[0].url">().toExtend<PathIn<Context>>();
    expectTypeOf<"answer.sources[*].url">().toExtend<PathIn<Context>>();
    expectTypeOf<"scores[0]">().toExtend<PathIn<Context>>();
    expectTypeOf<"answer.title">().not.toExtend<PathIn<Context>>();
    expectTypeOf<"answer.text.length">().not.toExtend<PathIn<Context>>();
    const on = tasksOn<Context>();
    // @ts-expect-error: the answer has no title
    on.assertion("a", { path: "answer.title", operator: "IsString" });
    expect(on.assertion("a", { path: "answer.text", operator: "IsString" }).context_path).toBe(
      "answer.text",
    );
  });
});
