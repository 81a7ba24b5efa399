import { taskBuckets } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { unknownMembers } from "./unknown-members.ts";

const none = { assertion: [], judge: [], trace: [], agent: [] };
const task = { id: "t", operator: "Equals", expected_value: 1 };
const of = (buckets: object) => unknownMembers(taskBuckets.parse({ ...none, ...buckets }));

describe("unknownMembers", () => {
  it.each<[string, object, string]>([
    ["assertion", { depnds_on: ["a"] }, "task 't' has 'depnds_on': did you mean 'depends_on'?"],
    ["judge", { prompt: {}, vote: 3 }, "task 't' has 'vote': did you mean 'votes'?"],
    ["trace", { assertion: {}, context_path: "a" }, "task 't' has 'context_path': expected id,"],
    ["agent", { assertion: {}, constructor: 1 }, "task 't' has 'constructor': expected id,"],
  ])("tells them of a task in %s", (bucket, more, message) => {
    expect(of({ [bucket]: [{ ...task, ...more }] })).toEqual([expect.stringContaining(message)]);
  });

  it("knows every member of tasks that clients save, and leaves an app's own types alone", () => {
    const saved = {
      ...task,
      context_path: null,
      item_context_path: null,
      description: null,
      depends_on: [],
      condition: false,
      task_type: "Assertion",
      result: { passed: true },
    };
    expect(of({ assertion: [saved], custom: [{ ...task, type: "Toy", own: 1 }] })).toEqual([]);
  });
});
