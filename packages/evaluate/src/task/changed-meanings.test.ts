import { taskBuckets } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { changedMeanings } from "./changed-meanings.ts";

const bucketsOf = (kind: string, task: object) =>
  taskBuckets.parse({
    assertion: [],
    judge: [],
    trace: [],
    agent: [],
    [kind]: [{ id: "t", operator: "Equals", expected_value: 1, ...task }],
  });

describe("changedMeanings", () => {
  it.each([
    ["assertion", { expected_value: [1] }, "compared as a whole"],
    ["assertion", { operator: "NotContains", expected_value: "a" }, "opposite of Contains"],
    ["assertion", { operator: "IsString", expected_value: false }, "asks for the opposite"],
    ["assertion", { operator: "IsIso8601", expected_value: null }, "a date that exists"],
    ["assertion", { operator: "Matches", expected_value: "\\d+" }, "mean ASCII"],
    ["assertion", { expected_value: "at least ${min}" }, "inside a text"],
    ["assertion", { expected_value: { a: "${b}" } }, "inside a text"],
    ["agent", { assertion: { ResponseContent: {} }, expected_value: "${x}" }, "what the task sees"],
    ["agent", { assertion: { ToolResult: { name: "f" } } }, "always null before"],
    [
      "trace",
      { assertion: { SpanDuration: { filter: { ByName: { name: "x" } } } } },
      "without a matching span it fails",
    ],
    ["judge", { prompt: {}, max_retries: 2 }, "one attempt was all"],
  ])("%s %j says so once", (kind, task, words) => {
    const found = changedMeanings(bucketsOf(kind, task));
    expect(found.map(({ message }) => message)).toEqual([expect.stringContaining(words)]);
    expect(found[0]?.taskId).toBe("t");
  });

  it.each([
    ["assertion", {}],
    ["assertion", { expected_value: "${min}" }],
    ["assertion", { expected_value: [1], item_context_path: "a" }],
    ["assertion", { operator: "IsString", expected_value: true }],
    ["assertion", { operator: "Matches", expected_value: "^a$" }],
    ["agent", { assertion: { ResponseContent: {} } }],
    ["trace", { assertion: { TraceSpanCount: {} } }],
    ["judge", { prompt: {} }],
  ])("%s %j means the same", (kind, task) => {
    expect(changedMeanings(bucketsOf(kind, task))).toEqual([]);
  });
});
