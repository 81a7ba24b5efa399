import type { EvalTaskResult } from "@scouter/contracts";
import { expect, it } from "vitest";
import { runTaskOf } from "./workflow-outcome.ts";

const result = (fields: Partial<EvalTaskResult>) =>
  ({ outcome: "passed", message: "", condition: false, ...fields }) as EvalTaskResult;

it.each([
  [{ task_type: "LLMJudge", actual: 7.5 }, 7.5],
  [{ task_type: "LLMJudge", actual: "good" }, undefined],
  [{ task_type: "LLMJudge", actual: null }, undefined],
  // Assertions compare numbers of all sorts, of which more is not better.
  [{ task_type: "Assertion", actual: 7 }, undefined],
] as const)("%j has the score %j", (fields, score) => {
  expect(runTaskOf(result(fields)).score).toBe(score);
});
