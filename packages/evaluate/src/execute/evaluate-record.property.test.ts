import {
  agentEvalWorkflowResult,
  comparisonOperators,
  evalTaskResult,
  type Json,
} from "@scouter/contracts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findTaskProblems } from "../task/validate-tasks.ts";
import { evaluateRecord } from "./evaluate-record.ts";
import type { RecordEvaluation } from "./record-run.ts";
import { inputFor, outcomes, parsed, taskOf, type AnyTask } from "./record.fixture.ts";

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

function agentRoundTrip({ workflow, ...rest }: RecordEvaluation): RecordEvaluation {
  return { ...rest, workflow: agentEvalWorkflowResult.parse(workflow) };
}
