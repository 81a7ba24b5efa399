import type { Json } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { evaluateRecord } from "./evaluate-record.ts";
import { equals, inputFor, outcomes, taskOf, type AnyTask } from "./record.fixture.ts";

describe("scoped context", () => {
  const run = async (assertion: readonly AnyTask[], context: Json) =>
    evaluateRecord(inputFor({ assertion }, context));

  it("holds the outputs of a task's own dependencies, not of theirs", async () => {
    const result = await run(
      [
        { id: "count", context_path: "items", operator: "HasLengthEqual", expected_value: 9 },
        equals("uses", "count", 3, { depends_on: ["count"] }),
        equals("too_far", "count", 3, { depends_on: ["uses"] }),
        { id: "none", context_path: "count", operator: "IsNull" },
      ],
      { items: [1, 2, 3] },
    );
    expect(outcomes(result)).toEqual({
      count: "failed",
      uses: "passed",
      too_far: "errored",
      none: "errored",
    });
  });

  it("fills templates from it", async () => {
    const result = await run(
      [
        { id: "limit", context_path: "max", operator: "IsNumeric" },
        {
          id: "below",
          context_path: "value",
          operator: "InRange",
          expected_value: [0, "${limit}"],
          depends_on: ["limit"],
        },
      ],
      { max: 10, value: 7 },
    );
    expect(taskOf(result, "below")).toMatchObject({ outcome: "passed", expected: [0, 10] });
  });

  it("puts a context that is no object under `context`", async () => {
    const result = await run(
      [
        { id: "first", operator: "HasLengthEqual", expected_value: 2 },
        equals("base", "context[1]", "b", { depends_on: ["first"] }),
        equals("output", "first", 2, { depends_on: ["first"] }),
      ],
      ["a", "b"],
    );
    expect(outcomes(result)).toEqual({ first: "passed", base: "passed", output: "passed" });
  });

  it("never takes the record's member for a dependency that came to nothing", async () => {
    const result = await run(
      [
        equals("dep", "nope", 1),
        equals("uses", "dep", "from the record", { depends_on: ["dep"] }),
        equals("free", "dep", "from the record"),
      ],
      { dep: "from the record" },
    );
    expect(outcomes(result)).toEqual({ dep: "errored", uses: "errored", free: "passed" });
  });

  it("holds nothing of a dependency that erred on a value", async () => {
    const result = await run(
      [
        { id: "dep", context_path: "n", operator: "StartsWith", expected_value: "5" },
        equals("uses", "dep", 5, { depends_on: ["dep"] }),
      ],
      { n: 5 },
    );
    expect(taskOf(result, "dep")).toMatchObject({ outcome: "errored", actual: 5 });
    expect(taskOf(result, "uses")?.error_code).toBe("EVALUATE_PATH_NOT_FOUND");
  });

  it("leaves the record's context as it was", async () => {
    const context = Object.freeze({ a: 1 });
    await run([equals("a", "a", 1), equals("b", "a", 1, { depends_on: ["a"] })], context);
    expect(context).toEqual({ a: 1 });
  });
});
