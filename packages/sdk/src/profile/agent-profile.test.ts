import { agentEvalProfile } from "@scouter/contracts";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { SDK_VERSION } from "../version.ts";
import { agentProfile, type AgentProfileFields } from "./agent-profile.ts";
import {
  agentAssertionTask,
  assertionTask,
  llmJudgeTask,
  traceAssertionTask,
} from "./task-builder.ts";

const gate = assertionTask({
  id: "Has_Answer",
  contextPath: "answer",
  operator: "IsNotEmpty",
  expectedValue: true,
  condition: true,
});
const tasks = [
  gate,
  traceAssertionTask({
    id: "depth",
    assertion: { TraceMaxDepth: {} },
    operator: "LessThan",
    expectedValue: 9,
  }),
  agentAssertionTask({
    id: "calls",
    assertion: { ToolCalled: { name: "search" } },
    operator: "Equals",
    expectedValue: true,
    dependsOn: ["HAS_ANSWER"],
  }),
  llmJudgeTask({
    id: "judge",
    prompt: { request: {}, parameters: ["answer"] },
    operator: "GreaterThanOrEqual",
    expectedValue: 3,
    dependsOn: [gate.id],
  }),
];

describe("agentProfile", () => {
  test("is the wire's profile: tasks by kind, ids in lower case and sorted", () => {
    const profile = agentProfile({ space: "s", name: "n", alias: "a", sampleRatio: 0.25, tasks });
    expect(agentEvalProfile.parse(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    expect(profile).toMatchObject({
      config: {
        sample_ratio: 0.25,
        space: "s",
        name: "n",
        version: "0.0.0",
        drift_type: "Agent",
        alert_config: {
          dispatch_config: { Console: { enabled: true } },
          schedule: "0 0 0 * * *",
          alert_condition: null,
        },
      },
      scouter_version: SDK_VERSION,
      workflow: null,
      task_ids: ["calls", "depth", "has_answer", "judge"],
      alias: "a",
    });
    const ids = Object.values(profile.tasks).map((bucket) => (bucket ?? []).map((task) => task.id));
    expect(ids).toEqual([["has_answer"], ["judge"], ["depth"], ["calls"]]);
  });

  test("an assertion task has every field of the wire", () => {
    expect(gate).toEqual({
      id: "has_answer",
      context_path: "answer",
      item_context_path: null,
      operator: "IsNotEmpty",
      expected_value: true,
      description: null,
      depends_on: [],
      task_type: "Assertion",
      condition: true,
    });
  });

  test("ids of tasks that no builder made are lowered too", () => {
    const raw = { ...gate, id: "RAW" };
    expect(agentProfile({ space: "s", name: "n", tasks: [raw] }).task_ids).toEqual(["raw"]);
  });

  const plain = (id: string, dependsOn: readonly string[] = []) =>
    assertionTask({ id, operator: "Equals", expectedValue: 1, dependsOn });
  test.for<{
    readonly name: string;
    readonly fields: Partial<AgentProfileFields>;
    readonly code: string;
    readonly message: string;
  }>([
    {
      name: "an id twice, whatever its case",
      fields: { tasks: [plain("a"), plain("A")] },
      code: "SDK_TASK_DUPLICATE",
      message: "task 'a' occurs twice in profile 's/n'",
    },
    {
      name: "an unknown dependency",
      fields: { tasks: [plain("a", ["b"])] },
      code: "SDK_TASK_UNKNOWN_DEPENDENCY",
      message: "task 'a' of profile 's/n' depends on 'b'",
    },
    {
      name: "a circle, and what waits for it",
      fields: { tasks: [plain("a", ["b"]), plain("b", ["a"]), plain("c", ["a"]), plain("d")] },
      code: "SDK_TASK_CYCLE",
      message: "tasks 'a', 'b', 'c' of profile 's/n' wait for each other",
    },
    {
      name: "a share above 1",
      fields: { sampleRatio: 25 },
      code: "SDK_OPTION_OUT_OF_RANGE",
      message: "option 'sampleRatio' is 25: expected a share from 0 to 1",
    },
  ])("refuses $name", ({ fields, code, message }) => {
    expect(() => agentProfile({ space: "s", name: "n", tasks: [], ...fields })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});

test("the version in the code is that of the package", () => {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  expect((JSON.parse(text) as { version: string }).version).toBe(SDK_VERSION);
});
