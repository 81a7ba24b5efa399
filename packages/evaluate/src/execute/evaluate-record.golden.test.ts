import { type Json } from "@scouter/contracts";
import { ScriptedChatModel } from "@scouter/testkit/chat-model/scripted-chat-model";
import { TRACE_ID, traces } from "@scouter/testkit/golden/golden-traces";
import { InMemorySpanSource } from "@scouter/testkit/span-source/in-memory-span-source";
import { describe, expect, it } from "vitest";
import { evaluateRecord } from "./evaluate-record.ts";
import { inputFor, outcomes, type Buckets } from "./record.fixture.ts";

const counts = ({ passed_tasks, failed_tasks }: { passed_tasks: number; failed_tasks: number }) => [
  passed_tasks,
  failed_tasks,
];

// Whole records that a system which reads the same task files must agree on.
describe("golden records", () => {
  it("give a judge's answer to the assertions that depend on it", async () => {
    const buckets: Buckets = {
      assertion: [
        { id: "input", context_path: "input.foo", operator: "Equals", expected_value: "bar" },
        {
          id: "score",
          context_path: "query_relevance.score",
          operator: "IsNumeric",
          expected_value: true,
          depends_on: ["query_relevance"],
        },
        {
          id: "reason",
          context_path: "query_relevance.reason",
          operator: "IsString",
          expected_value: true,
          depends_on: ["query_relevance"],
        },
      ],
      judge: [
        {
          id: "query_relevance",
          prompt: {
            provider: "toy",
            model: "m",
            messages: "Rate ${input}",
            response_type: "Score",
          },
          context_path: "score",
          operator: "GreaterThanOrEqual",
          expected_value: 1,
        },
      ],
    };
    const model = new ScriptedChatModel({
      respond: () => ({
        kind: "answer",
        text: '{"score":4,"reason":"close"}',
        inputTokens: 1,
        outputTokens: 1,
      }),
    });
    const ports = { judging: { models: { get: () => model } } };
    const input = inputFor(buckets, { input: { foo: "bar" } }, { ports });
    expect(counts((await evaluateRecord(input)).workflow)).toEqual([4, 0]);
  });

  it("count what failed beside what passed", async () => {
    const assertion = [
      { id: "foo", context_path: "input.foo", operator: "Equals", expected_value: "bar" },
      { id: "bar", context_path: "input.bar", operator: "IsNumeric", expected_value: true },
      { id: "baz", context_path: "input.baz", operator: "HasLengthEqual", expected_value: 3 },
    ];
    const context: Json = { input: { foo: "bar", bar: "not_a_number", baz: [1, 2, 3] } };
    const { workflow } = await evaluateRecord(inputFor({ assertion }, context));
    expect(counts(workflow)).toEqual([2, 1]);
  });

  const onTrace = (buckets: Buckets, trace: keyof typeof traces, context: Json = {}) =>
    evaluateRecord(
      inputFor(buckets, context, {
        traceId: TRACE_ID,
        ports: { spanSource: new InMemorySpanSource(traces[trace]) },
      }),
    );

  it("do not count a gate on the trace", async () => {
    const trace = [
      {
        id: "erred",
        assertion: { TraceErrorCount: {} },
        operator: "GreaterThan",
        expected_value: 0,
        condition: true,
      },
      {
        id: "recovered",
        assertion: { SpanExists: { filter: { ByName: { name: "recovery" } } } },
        operator: "Equals",
        expected_value: true,
        depends_on: ["erred"],
      },
    ];
    const result = await onTrace({ trace }, "errors");
    expect(outcomes(result)).toEqual({ erred: "passed", recovered: "passed" });
    expect(counts(result.workflow)).toEqual([1, 0]);
  });

  it("look at the context and the trace together", async () => {
    const assertion = [
      {
        id: "version",
        context_path: "metadata.version",
        operator: "Equals",
        expected_value: "1.0.0",
      },
    ];
    const trace = [
      { id: "depth", assertion: { TraceMaxDepth: {} }, operator: "Equals", expected_value: 2 },
    ];
    const context = { metadata: { version: "1.0.0" } };
    const { workflow } = await onTrace({ assertion, trace }, "nested", context);
    expect(counts(workflow)).toEqual([2, 0]);
  });
});
