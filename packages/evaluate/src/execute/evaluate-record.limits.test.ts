import type { Json } from "@scouter/contracts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findTaskProblems } from "../task/validate-tasks.ts";
import { evaluateRecord } from "./evaluate-record.ts";
import { inputFor, outcomes, parsed, taskOf } from "./record.fixture.ts";

describe("records and profiles at the edge", () => {
  const MEGABYTES_5 = "many words ".repeat(500_000);

  it("a context of 5 MB is evaluated, and results keep a part of it", async () => {
    const rows: readonly [string, string, Json][] = [
      ["length", "HasLengthGreaterThan", 5_000_000],
      ["word", "ContainsWord", "words"],
      ["equal", "Equals", MEGABYTES_5],
      ["pattern", "Matches", "^many"],
    ];
    const assertion = rows.map(([id, operator, expected_value]) => ({
      id,
      context_path: "text",
      operator,
      expected_value,
    }));
    const result = await evaluateRecord(inputFor({ assertion }, { text: MEGABYTES_5 }));
    expect(outcomes(result)).toMatchObject({ length: "passed", word: "passed", equal: "passed" });
    for (const row of result.tasks) {
      expect(JSON.stringify(row.actual).length).toBeLessThan(100_000);
      expect(row.message.length).toBeLessThan(2_000);
    }
  });

  it("a pattern made to backtrack on it ends, with an answer or a refusal", async () => {
    const assertion = [
      { id: "evil", context_path: "t", operator: "Matches", expected_value: "^(a+)+$" },
      {
        id: "costly",
        context_path: "t",
        operator: "Matches",
        expected_value: "(?:[a-z ]{0,500}z){2}",
      },
    ];
    const context = { t: `${"a".repeat(300_000)}!` };
    const result = await evaluateRecord(inputFor({ assertion }, context));
    expect(taskOf(result, "evil")?.outcome).toBe("failed");
    expect(taskOf(result, "costly")?.error_code).toBe("EVALUATE_PATTERN_TOO_COSTLY");
  });

  it("10,000 tasks have 10,000 rows, in their order", async () => {
    const assertion = Array.from({ length: 10_000 }, (_, n) => ({
      id: `t${n}`,
      context_path: "a",
      operator: "Equals",
      expected_value: n % 2,
      depends_on: n === 0 ? [] : [`t${n - 1}`],
    }));
    const { tasks, workflow } = await evaluateRecord(inputFor({ assertion }, { a: 1 }));
    expect(tasks.map((row) => row.task_id)).toEqual(assertion.map(({ id }) => id));
    expect(workflow).toMatchObject({ total_tasks: 10_000, passed_tasks: 5_000 });
  });

  it("a value 500 levels deep is reached by a path or refused, never a crash", async () => {
    let deep: Json = 1;
    for (let level = 0; level < 600; level += 1) deep = { a: deep };
    const assertion = [
      { id: "equal", context_path: "v", operator: "Equals", expected_value: "${w}" },
      { id: "is", context_path: "v", operator: "IsObject", expected_value: true },
    ];
    const result = await evaluateRecord(
      inputFor({ assertion }, { v: deep, w: structuredClone(deep) }),
    );
    expect(taskOf(result, "equal")?.error_code).toBe("EVALUATE_VALUE_TOO_DEEP");
    expect(taskOf(result, "is")?.outcome).toBe("passed");
    const path = Array.from({ length: 500 }, () => "a").join(".");
    const task = { id: "t", context_path: path, operator: "IsNumeric", expected_value: true };
    expect(findTaskProblems(parsed({ assertion: [task] }))).toMatchObject([
      { kind: "path", taskId: "t" },
    ]);
  });
});

describe("gates", () => {
  const flags = fc.record({ a: fc.boolean(), b: fc.boolean(), c: fc.boolean(), d: fc.boolean() });
  const row = fc.record({
    field: fc.constantFrom("a", "b", "c", "d"),
    condition: fc.boolean(),
    picks: fc.array(fc.nat(), { maxLength: 3 }),
  });

  it("close monotonically: what runs with one gate closed runs with it open too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), flags, async (rows, all) => {
        const assertion = rows.map(({ field, condition, picks }, at) => ({
          id: `t${at}`,
          context_path: field,
          operator: "Equals",
          expected_value: true,
          condition,
          depends_on: at === 0 ? [] : picks.map((pick) => `t${pick % at}`),
        }));
        const ran = async (context: Json) => {
          const { tasks } = await evaluateRecord(inputFor({ assertion }, context));
          return tasks.filter(({ outcome }) => outcome !== "skipped").map(({ task_id }) => task_id);
        };
        const open = new Set(await ran({ ...all, a: true }));
        for (const id of await ran({ ...all, a: false })) expect(open).toContain(id);
      }),
    );
  });
});
