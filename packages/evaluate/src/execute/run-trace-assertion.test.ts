import type { Json } from "@scouter/contracts";
import {
  byName,
  called,
  count,
  inResponses,
  sum,
  traceCases,
} from "@scouter/testkit/golden/trace-cases";
import { InMemorySpanSource } from "@scouter/testkit/span-source/in-memory-span-source";
import { describe, expect, it } from "vitest";
import type { EvaluatedSpan, SpanSource } from "../port/span-source.ts";
import { TRACE_ID, traceOf, traces } from "@scouter/testkit/golden/golden-traces";
import { compileTasks } from "./compile-tasks.ts";
import { evaluateRecord } from "./evaluate-record.ts";
import { equals, inputFor, outcomes, parsed, taskOf, type AnyTask } from "./record.fixture.ts";

async function run(spans: readonly EvaluatedSpan[], task: Omit<AnyTask, "id">, context: Json = {}) {
  const ports = { spanSource: new InMemorySpanSource(spans) };
  const input = inputFor({ trace: [{ id: "check", ...task }] }, context, {
    traceId: TRACE_ID,
    ports,
  });
  const [row] = (await evaluateRecord(input)).tasks;
  if (row === undefined) throw new Error("expected one result");
  return row;
}

describe("trace assertions", () => {
  it.each(traceCases)("%s: %j", async (trace, assertion, expected) => {
    expect((await run(traces[trace], { assertion })).actual).toEqual(expected);
  });

  const numbers = traceOf(
    [4, 1, "7", 3].map((n, index) => ({
      name: "n",
      depth: Math.min(index, 1),
      ms: 1,
      attributes: { n },
    })),
  );
  it.each<[string, number]>([
    ["Count", 4],
    ["Sum", 8],
    ["Average", 8 / 3],
    ["Min", 1],
    ["Max", 4],
    ["First", 4],
    ["Last", 3],
  ])("%s sees numbers in the order of the spans, and no text", async (aggregation, expected) => {
    expect((await run(numbers, { assertion: sum("n", aggregation) })).actual).toBe(expected);
  });

  it.each<[string, object]>([
    ["durations", { SpanDuration: { filter: byName("nope") } }],
    ["attributes", { SpanAttribute: { filter: byName("root"), attribute_key: "nope" } }],
  ])("does not let %s of spans that are not there pass", async (_what, assertion) => {
    const task = { assertion, operator: "LessThan", expected_value: 1_000 };
    expect((await run(traces.simple, task)).outcome).toBe("failed");
  });

  it("gives the attribute of several spans as an array, in their order", async () => {
    const filter = { WithAttribute: { key: "gen_ai.response" } };
    const assertion = { SpanAttribute: { filter, attribute_key: "gen_ai.response" } };
    const values = traces.gemini.map(({ attributes }) => attributes["gen_ai.response"]);
    expect(values).toHaveLength(2);
    expect((await run(traces.gemini, { assertion })).actual).toEqual(values);
  });

  it("checks every one of several spans", async () => {
    const assertion = { SpanDuration: { filter: { ByNamePattern: { pattern: "child" } } } };
    const below = (expected_value: number) =>
      run(traces.simple, { assertion, operator: "LessThan", expected_value });
    expect((await below(60)).outcome).toBe("passed");
    expect((await below(50)).outcome).toBe("failed");
  });

  it("errs on a root without the attribute", async () => {
    const row = await run(traces.simple, {
      assertion: { TraceAttribute: { attribute_key: "nope" } },
    });
    expect(row).toMatchObject({
      outcome: "errored",
      error_code: "EVALUATE_ATTRIBUTE_NOT_FOUND",
      message: "check errored: root span 'root' has no attribute 'nope'",
    });
  });

  it("counts an attribute of another shape as not passed, whatever the mode", async () => {
    const spans = traceOf([
      { name: "a", depth: 0, ms: 1, attributes: { "gen_ai.response": "no response at all" } },
      ...traces.gemini.map(({ name, attributes }) => ({ name, depth: 1, ms: 1, attributes })),
    ]);
    const value = async (mode: string) =>
      (await run(spans, { assertion: inResponses(mode, called) })).actual;
    expect([await value("Any"), await value("All")]).toEqual([true, false]);
  });

  it("fills templates of the task and of its inner task from the record", async () => {
    const inner = { Assertion: { operator: "Contains", expected_value: "${word}" } };
    const assertion = { AttributeFilter: { key: "http.url", task: inner, mode: "Any" } };
    const task = { assertion, operator: "Equals", expected_value: "${wanted}" };
    const row = await run(traces.simple, task, { word: "example", wanted: true });
    expect(row).toMatchObject({ outcome: "passed", expected: true });
    const missing = await run(traces.simple, task, { wanted: true });
    expect(missing.error_code).toBe("EVALUATE_TEMPLATE_NOT_FOUND");
  });

  it("fails every task when there are no spans, and says when there is no trace id", async () => {
    const task = { assertion: { TraceSpanCount: {} }, operator: "Equals", expected_value: 0 };
    expect(await run([], task)).toMatchObject({
      outcome: "failed",
      actual: null,
      message: "check failed: no spans available for evaluation",
    });
    const ports = { spanSource: new InMemorySpanSource(traces.simple) };
    const result = await evaluateRecord(inputFor({ trace: [{ id: "t", ...task }] }, {}, { ports }));
    expect(taskOf(result, "t")?.message).toContain("the record has no trace id");
  });

  it("reads the trace once for all tasks, and not at all when a gate keeps them", async () => {
    let reads = 0;
    const source = new InMemorySpanSource(traces.errors);
    const spanSource: SpanSource = {
      spansOf: (traceId, options) => {
        reads += 1;
        return source.spansOf(traceId, options);
      },
    };
    const buckets = {
      assertion: [equals("gate", "go", true, { condition: true })],
      trace: [
        {
          id: "has_errors",
          assertion: { TraceErrorCount: {} },
          operator: "GreaterThan",
          expected_value: 0,
          condition: true,
          depends_on: ["gate"],
        },
        {
          id: "recovers",
          assertion: { SpanExists: { filter: byName("recovery") } },
          operator: "Equals",
          expected_value: true,
          depends_on: ["has_errors"],
        },
      ],
    };
    const more = { traceId: TRACE_ID.toUpperCase(), ports: { spanSource } };
    const result = await evaluateRecord(inputFor(buckets, { go: true }, more));
    expect(outcomes(result)).toEqual({ gate: "passed", has_errors: "passed", recovers: "passed" });
    expect(result.workflow).toMatchObject({ passed_tasks: 1, failed_tasks: 0 });
    expect(reads).toBe(1);
    await evaluateRecord(inputFor(buckets, { go: false }, more));
    expect(reads).toBe(1);
  });

  it("keeps the error of a source that does not answer with its task", async () => {
    const spanSource: SpanSource = { spansOf: () => Promise.reject(new Error("lake away")) };
    const buckets = { assertion: [equals("ok", "x", 1)], trace: [{ id: "t" }] };
    const input = inputFor(buckets, { x: 1 }, { traceId: TRACE_ID, ports: { spanSource } });
    expect(outcomes(await evaluateRecord(input))).toEqual({ ok: "passed", t: "errored" });
  });

  const nestedFilter = (levels: number) => {
    let filter: object = byName("a");
    for (let level = 0; level < levels; level += 1) filter = { Or: { filters: [filter] } };
    return count(filter);
  };
  it.each<[string, object, string]>([
    [
      "a sequence outside SpanCount",
      { SpanExists: { filter: { Sequence: { names: [] } } } },
      "Sequence",
    ],
    [
      "a sequence within another filter",
      count({ Or: { filters: [byName("a"), { Sequence: { names: [] } }] } }),
      "Sequence",
    ],
    ["a bad pattern", count({ ByNamePattern: { pattern: "[invalid" } }), "pattern"],
    ["a long pattern", count({ ByNamePattern: { pattern: "a".repeat(513) } }), "at most 512"],
    ["an unknown filter", count({ ByKind: {} }), "unknown span filter 'ByKind'"],
    ["an unknown aggregation", sum("n", "Median"), "SpanAggregation.aggregation"],
    ["filters within filters without end", nestedFilter(5_000), "nested deeper"],
    [
      "an inner task of an unknown operator",
      inResponses("Any", { Assertion: { operator: "Like", expected_value: 1 } }),
      "operator",
    ],
    [
      "an inner task with a bad path",
      inResponses("Any", {
        Assertion: { operator: "IsNull", expected_value: 1, context_path: ".." },
      }),
      "position",
    ],
  ])("refuses %s when the tasks are made", (_what, assertion, message) => {
    expect(() => compileTasks(parsed({ trace: [{ id: "t", assertion }] }))).toThrow(message);
  });
});
