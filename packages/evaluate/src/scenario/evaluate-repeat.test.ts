import { systemClock, type Json } from "@scouter/contracts";
import { ScriptedChatModel } from "@scouter/testkit/chat-model/scripted-chat-model";
import { describe, expect, it } from "vitest";
import { compileSuite } from "../suite/compile-suite.ts";
import { suiteOf } from "../suite/read-suite.ts";
import type { CollectedRepeat } from "./collected-repeat.ts";
import { evaluateRepeat } from "./evaluate-repeat.ts";

const check = (id: string, path: string, more: object = {}) => ({
  task_type: "Assertion",
  id,
  context_path: path,
  operator: "IsPositive",
  expected_value: true,
  ...more,
});
const judge = {
  task_type: "LLMJudge",
  id: "polite",
  operator: "GreaterThanOrEqual",
  expected_value: 3,
  context_path: "score",
  max_retries: 0,
  prompt: {
    provider: "scripted",
    model: "m",
    messages: "Is ${response} polite?",
    response_type: "Score",
  },
};

async function evaluated(
  { aliases = {}, tasks = [] as readonly object[] },
  fields: Partial<CollectedRepeat>,
  model?: ScriptedChatModel,
) {
  const compiled = compileSuite(
    suiteOf({ aliases, tasks, scenarios: [{ id: "s", initial_query: "q" }] }),
  );
  const [scenario] = compiled.suite.scenarios;
  if (scenario === undefined) throw new Error("no scenario");
  const judging = model && { models: { get: () => model } };
  return evaluateRepeat(
    compiled,
    compiled.scenarioTasks[0],
    {
      scenario,
      end: { kind: "answered", response: "hello" },
      exchanges: [],
      records: new Map(),
      spans: [],
      startedAtMs: 0,
      durationMs: 5,
      ...fields,
    },
    { clock: systemClock, judging },
  );
}

const recordsOf = (...contexts: readonly Json[]) =>
  new Map([
    [
      "a",
      contexts.map((context, index) => ({
        uid: `u${index}`,
        recordId: "",
        sessionId: "",
        traceId: null,
        context,
        source: "Queue" as const,
      })),
    ],
  ]);

describe("evaluateRepeat", () => {
  it("puts several records of an alias together: a task passed when it passed on each", async () => {
    const aliases = { a: [check("x", "x"), check("y", "y")] };
    const records = recordsOf({ x: 1, y: 1 }, { x: -1, y: 1 });
    const { aliases: judged } = await evaluated({ aliases }, { records });
    expect(judged["a"]).toMatchObject({
      outcome: "failed",
      tasks: { x: { outcome: "failed" }, y: { outcome: "passed" } },
      records: 2,
      passed_tasks: 3,
      total_tasks: 4,
    });
  });

  it("counts a value that the agent did not give as not passed", async () => {
    const result = await evaluated(
      { aliases: { a: [check("x", "x")] } },
      { records: recordsOf({}) },
    );
    expect(result.aliases["a"]).toMatchObject({
      outcome: "failed",
      tasks: { x: { outcome: "errored", error_source: "agent" } },
    });
  });

  it("skips the workflow whose gate did not pass", async () => {
    const gate = check("is_x", "x", { condition: true });
    const aliases = { a: [gate, check("y", "y", { depends_on: ["is_x"] })] };
    const { aliases: judged } = await evaluated(
      { aliases },
      { records: recordsOf({ x: -1, y: 1 }) },
    );
    expect(judged["a"]).toMatchObject({
      outcome: "skipped",
      tasks: { is_x: { outcome: "failed", gate: true }, y: { outcome: "skipped" } },
      total_tasks: 0,
    });
  });

  it("does not know the outcome of a judge that is out of order", async () => {
    const down = new ScriptedChatModel({ respond: () => ({ kind: "failure", status: 503 }) });
    expect(await evaluated({ tasks: [judge] }, {}, down)).toMatchObject({
      outcome: "errored",
      error_source: "judge",
      judging: { calls: 1 },
    });
    expect(await evaluated({ tasks: [judge] }, {})).toMatchObject({
      outcome: "errored",
      error_source: "harness",
    });
  });

  it("has failed when one task failed, whatever is not known of the others", async () => {
    const down = new ScriptedChatModel({ respond: () => ({ kind: "failure", status: 503 }) });
    const tasks = [judge, check("number", "response.length")];
    expect(await evaluated({ tasks }, {}, down)).toMatchObject({ outcome: "failed" });
  });

  it("judges nothing of a repeat that broke down", async () => {
    const end = { kind: "errored", source: "provider", error: "overloaded" } as const;
    const aliases = { a: [check("x", "x")] };
    const result = await evaluated(
      { aliases, tasks: [judge] },
      { end, records: recordsOf({ x: 1 }) },
    );
    expect(result).toMatchObject({ outcome: "errored", error_source: "provider", aliases: {} });
  });

  it("lets records be in a suite without aliases", async () => {
    const result = await evaluated({ tasks: [] }, { records: recordsOf({}) });
    expect(result).toMatchObject({ outcome: "skipped", aliases: {} });
  });

  it("cuts a huge answer in results, after the tasks saw all of it", async () => {
    const long = "x".repeat(200_000);
    const seen = check("all_of_it", "response", {
      operator: "HasLengthEqual",
      expected_value: 200_000,
    });
    const result = await evaluated(
      { tasks: [seen] },
      { end: { kind: "answered", response: long } },
    );
    expect(result.outcome).toBe("passed");
    expect(JSON.stringify(result).length).toBeLessThan(100_000);
  });
});
