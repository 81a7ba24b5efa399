import { executionPlanJson, taskBuckets, type TaskBuckets } from "@scouter/contracts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { executionPlanToJson } from "./execution-plan.ts";
import { planTasks } from "./plan-tasks.ts";

type Dependencies = Readonly<Record<string, readonly string[]>>;

function bucketsOf(dependencies: Dependencies): TaskBuckets {
  const assertion = Object.entries(dependencies).map(([id, depends_on]) => ({
    id,
    depends_on,
    operator: "IsNull",
    expected_value: null,
  }));
  return taskBuckets.parse({ assertion, judge: [], trace: [], agent: [] });
}

describe("planTasks", () => {
  it("lays tasks out in stages from 0, in the order declared", () => {
    const plan = planTasks(
      bucketsOf({ z: [], late: ["mid", "z"], mid: ["a"], a: [], alone: [], other: ["z", "a"] }),
    );
    expect(plan.stages).toEqual([["z", "a", "alone"], ["mid", "other"], ["late"]]);
    expect(plan.order).toEqual(["z", "a", "alone", "mid", "other", "late"]);
    expect(plan.nodes.get("late")).toEqual({
      id: "late",
      stage: 2,
      parents: ["mid", "z"],
      children: [],
    });
    expect(plan.nodes.get("z")?.children).toEqual(["late", "other"]);
  });

  it("orders buckets assertion, judge, trace, agent, with edges between them", () => {
    const task = { operator: "IsNull", expected_value: null } as const;
    const plan = planTasks(
      taskBuckets.parse({
        agent: [{ ...task, id: "agent", assertion: { ResponseModel: {} } }],
        trace: [{ ...task, id: "trace", assertion: { TraceDuration: {} } }],
        judge: [
          { ...task, id: "judge", prompt: { provider: "toy", model: "m", messages: "${x}" } },
        ],
        assertion: [{ ...task, id: "assertion", depends_on: ["agent"] }],
      }),
    );
    expect(plan.stages).toEqual([["judge", "trace", "agent"], ["assertion"]]);
  });

  it("uses real ids for references that differ by case, and counts repeated ones once", () => {
    const plan = planTasks(bucketsOf({ checktool: [], b: ["CheckTool", "checktool"] }));
    expect(plan.nodes.get("b")?.parents).toEqual(["checktool"]);
    expect(plan.nodes.get("checktool")?.children).toEqual(["b"]);
  });

  it("refuses what is not a plan", () => {
    expect(() => planTasks(bucketsOf({ a: ["b"], b: ["a"] }))).toThrow("cycle a -> b -> a");
  });

  it("has the wire's form", () => {
    const json = executionPlanToJson(planTasks(bucketsOf({ a: [], b: ["a"] })));
    expect(executionPlanJson.parse(json)).toEqual({
      stages: [["a"], ["b"]],
      nodes: {
        a: { id: "a", stage: 0, parents: [], children: ["b"] },
        b: { id: "b", stage: 1, parents: ["a"], children: [] },
      },
    });
  });

  it("is a topological order with the fewest stages, whatever the order declared", () => {
    const acyclic = fc
      .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
      .map((rows) =>
        rows.map((picks, at): [string, string[]] => [
          `t${at}`,
          at === 0 ? [] : picks.map((pick) => `t${pick % at}`),
        ]),
      )
      .chain((rows) => fc.shuffledSubarray(rows, { minLength: rows.length }));
    fc.assert(
      fc.property(acyclic, (rows) => {
        const dependencies: Dependencies = Object.fromEntries(rows);
        const plan = planTasks(bucketsOf(dependencies));
        const longest = (id: string): number =>
          Math.max(-1, ...(dependencies[id] ?? []).map(longest)) + 1;
        const placed = new Set<string>();
        for (const id of plan.order) {
          for (const dependency of dependencies[id] ?? []) expect(placed).toContain(dependency);
          placed.add(id);
          expect(plan.nodes.get(id)?.stage).toBe(longest(id));
          expect(plan.stages[longest(id)]).toContain(id);
        }
        expect(placed.size).toBe(rows.length);
      }),
    );
  });
});
