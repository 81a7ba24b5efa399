import { readFileSync } from "node:fs";
import type { Json } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { compileTasks } from "./compile-tasks.ts";
import { evaluateAssertions } from "./evaluate-record.ts";
import { equals, inputFor, outcomes, parsed, type AnyTask } from "./record.fixture.ts";

function golden(name: string): Json {
  const file = new URL(`../agent-response/golden/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly response: Json }).response;
}

function run(context: Json, task: Omit<AnyTask, "id">) {
  const result = evaluateAssertions(inputFor({ agent: [{ id: "check", ...task }] }, context));
  const [row] = result.tasks;
  if (row === undefined) throw new Error("expected one result");
  return row;
}

const valueOf = (context: Json, assertion: object) => run(context, { assertion }).actual;

const chat = (...calls: readonly (readonly [name: string, args: Json])[]): Json => ({
  choices: [
    {
      message: {
        tool_calls: calls.map(([name, args]) => ({
          function: { name, arguments: JSON.stringify(args) },
        })),
      },
    },
  ],
});

describe("agent assertions", () => {
  const search = golden("openai-chat-tool-call");
  const steps = chat(["search", {}], ["filter", {}], ["rank", {}], ["respond", {}]);
  const nested = chat(["order", { item: { name: "widget", price: 9.99, tags: ["sale"] } }]);

  it.each<[object, Json, Json]>([
    [{ ToolCalled: { name: "web_search" } }, search, true],
    [{ ToolCalled: { name: "delete_user" } }, search, false],
    [{ ToolNotCalled: { name: "delete_user" } }, search, true],
    [{ ToolNotCalled: { name: "web_search" } }, search, false],
    [{ ToolCallCount: { name: null } }, search, 1],
    [{ ToolCallCount: {} }, steps, 4],
    [{ ToolCallCount: { name: "rank" } }, steps, 1],
    [{ ToolCallCount: { name: "other" } }, steps, 0],
    [
      { ToolCalledWithArgs: { name: "web_search", arguments: { query: "weather NYC" } } },
      search,
      true,
    ],
    [
      { ToolCalledWithArgs: { name: "web_search", arguments: { query: "weather LA" } } },
      search,
      false,
    ],
    [{ ToolCalledWithArgs: { name: "other", arguments: {} } }, search, false],
    [
      { ToolCalledWithArgs: { name: "order", arguments: { item: { name: "widget" } } } },
      nested,
      true,
    ],
    [
      { ToolCalledWithArgs: { name: "order", arguments: { item: { name: "gadget" } } } },
      nested,
      false,
    ],
    [{ ToolCalledWithArgs: { name: "order", arguments: { item: { tags: [] } } } }, nested, false],
    [{ ToolCallSequence: { names: ["search", "rank", "respond"] } }, steps, true],
    [{ ToolCallSequence: { names: ["respond", "search"] } }, steps, false],
    [{ ToolCallSequence: { names: [] } }, steps, true],
    [{ ToolCallSequence: { names: ["rank", "rank"] } }, steps, false],
    [{ ToolArgument: { name: "web_search", argument_key: "limit" } }, search, 5],
    [{ ToolArgument: { name: "web_search", argument_key: "nope" } }, search, null],
    [{ ToolArgument: { name: "nope", argument_key: "limit" } }, search, null],
    [{ ToolResult: { name: "web_search" } }, search, null],
    [{ ToolResult: { name: "clock" } }, golden("openai-chat-with-messages"), { hour: 9 }],
    [{ ResponseInputTokens: {} }, search, 10],
    [{ ResponseOutputTokens: {} }, search, 50],
    [{ ResponseTotalTokens: {} }, search, 60],
    [{ ResponseModel: {} }, search, "gpt-4o"],
    [{ ResponseFinishReason: {} }, search, "tool_calls"],
    [{ ResponseContent: {} }, search, null],
    [{ ResponseContent: {} }, golden("anthropic-tool-use"), "Let me search for that."],
    [
      { ResponseField: { path: "candidates[0].safetyRatings[0].category" } },
      golden("gemini-blocked"),
      "HARM_CATEGORY_HARASSMENT",
    ],
  ])("%j", (assertion, context, expected) => {
    expect(valueOf(context, assertion)).toEqual(expected);
  });

  it("compares with any operator and says what it saw", () => {
    const row = run(search, {
      assertion: { ResponseTotalTokens: {} },
      operator: "LessThan",
      expected_value: 50,
    });
    expect(row).toMatchObject({
      outcome: "failed",
      actual: 60,
      message: "check failed: expected LessThan 50, got 60",
      assertion: { AgentAssertion: { ResponseTotalTokens: {} } },
    });
  });

  it("finds the response at context_path, and names what is missing", () => {
    const task = { assertion: { ResponseModel: {} }, operator: "Equals", expected_value: "gpt-4o" };
    const context: Json = { answer: search };
    expect(run(context, { ...task, context_path: "answer" }).outcome).toBe("passed");
    const logged: Json = { request: { model: "none" }, response: search };
    expect(run(logged, { ...task, context_path: "response" }).outcome).toBe("passed");
    expect(run(context, { ...task, context_path: "nope" }).error_code).toBe(
      "EVALUATE_PATH_NOT_FOUND",
    );
    expect(run(context, task).error_code).toBe("EVALUATE_RESPONSE_UNKNOWN");
    const field = { assertion: { ResponseField: { path: "nope[3]" } } };
    expect(run(search, field).error_code).toBe("EVALUATE_PATH_NOT_FOUND");
  });

  it("fills templates from the record, not from the response's text", () => {
    const context: Json = {
      expected: "hi",
      response: { choices: [{ message: { content: "hi" } }] },
    };
    const task = {
      assertion: { ResponseContent: {} },
      operator: "Contains",
      expected_value: "${expected}",
    };
    expect(run(context, task)).toMatchObject({ outcome: "passed", expected: "hi" });
  });

  it("reads the record's own context, whatever its dependencies are called", () => {
    const buckets = {
      assertion: [equals("choices", "model", "claude")],
      agent: [
        {
          id: "model",
          assertion: { ResponseModel: {} },
          operator: "Equals",
          expected_value: "claude",
          depends_on: ["choices"],
        },
      ],
    };
    const context: Json = { model: "claude", stop_reason: "end_turn", content: [] };
    const result = evaluateAssertions(inputFor(buckets, context));
    expect(outcomes(result)).toEqual({ choices: "passed", model: "passed" });
  });

  it.each<[string, object, string]>([
    ["an unknown variant", { assertion: { ToolUsed: {} } }, "unknown agent assertion 'ToolUsed'"],
    ["two variants", { assertion: { ToolCalled: { name: "a" }, ToolResult: {} } }, "one key"],
    ["a missing field", { assertion: { ToolCalled: {} } }, "ToolCalled.name"],
    ["a bad path", { assertion: { ResponseField: { path: "a b" } } }, "position 1"],
    [
      "an unknown provider",
      { assertion: { ResponseModel: {} }, provider: "Acme" },
      "unknown provider 'Acme'",
    ],
  ])("refuses %s when the tasks are made", (_what, task, message) => {
    expect(() => compileTasks(parsed({ agent: [{ id: "a", ...task }] }))).toThrow(message);
  });
});
