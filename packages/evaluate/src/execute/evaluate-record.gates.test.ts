import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateAssertions, evaluateRecord } from "./evaluate-record.ts";
import { equals, inputFor, outcomes, taskOf } from "./record.fixture.ts";

describe("gates", () => {
  const chain = [
    equals("gate", "x", 1, { condition: true }),
    equals("first", "x", 1, { depends_on: ["gate"] }),
    equals("second", "x", 1, { depends_on: ["first"], condition: true }),
    equals("third", "x", 1, { depends_on: ["second"] }),
  ];

  it("skip dependents of dependents, and name where it began", async () => {
    const result = await evaluateRecord(inputFor({ assertion: chain }, { x: 2 }));
    expect(outcomes(result)).toEqual({
      gate: "failed",
      first: "skipped",
      second: "skipped",
      third: "skipped",
    });
    expect(taskOf(result, "third")).toMatchObject({
      skipped_by: "second",
      message: "third skipped: gate 'gate' did not pass ('second' was skipped for it)",
    });
  });

  it("that err skip their dependents; tasks that fail or err do not", async () => {
    const buckets = {
      assertion: [
        equals("broken_gate", "nope", 1, { condition: true }),
        equals("behind", "x", 1, { depends_on: ["broken_gate"] }),
        equals("fails", "x", 9),
        equals("errs", "nope", 1),
        equals("goes_on", "x", 1, { depends_on: ["fails", "errs"] }),
      ],
    };
    const result = await evaluateRecord(inputFor(buckets, { x: 1 }));
    expect(outcomes(result)).toMatchObject({
      broken_gate: "errored",
      behind: "skipped",
      goes_on: "passed",
    });
    expect(result.workflow).toMatchObject({ errored_tasks: 1, total_tasks: 3 });
  });

  it("must all pass, and the first in the order written is named", async () => {
    const buckets = {
      assertion: [
        equals("open", "x", 1, { condition: true }),
        equals("shut", "x", 2, { condition: true }),
        equals("shut_too", "x", 3, { condition: true }),
        equals("task", "x", 1, { depends_on: ["open", "shut_too", "shut"] }),
      ],
    };
    const result = await evaluateRecord(inputFor(buckets, { x: 1 }));
    expect(taskOf(result, "task")).toMatchObject({ outcome: "skipped", skipped_by: "shut_too" });
  });

  it("close monotonically: what a shut gate skips stays skipped when more gates shut", () => {
    const size = 8;
    const arbitrary = fc.record({
      picks: fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: size, maxLength: size }),
      gates: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
      values: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
      shut: fc.nat({ max: size - 1 }),
    });
    const run = (values: readonly boolean[], picks: number[][], gates: boolean[]) => {
      const assertion = picks.map((row, at) =>
        equals(`t${at}`, `v[${at}]`, true, {
          condition: gates[at],
          depends_on: at === 0 ? [] : row.map((pick) => `t${pick % at}`),
        }),
      );
      return outcomes(evaluateAssertions(inputFor({ assertion }, { v: values })));
    };
    fc.assert(
      fc.property(arbitrary, ({ picks, gates, values, shut }) => {
        const before = run(values, picks, gates);
        const after = run(values.with(shut, false), picks, gates);
        const skipped = Object.keys(before).filter((id) => before[id] === "skipped");
        expect(skipped.filter((id) => after[id] !== "skipped")).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
