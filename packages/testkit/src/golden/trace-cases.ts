import type { Json } from "@scouter/contracts";
import type { traces } from "./golden-traces.ts";

export type GoldenTrace = keyof typeof traces;

export const byName = (name: string) => ({ ByName: { name } });
export const count = (filter: object) => ({ SpanCount: { filter } });
export const sum = (
  attribute_key: string,
  aggregation: string,
  filter: object = { And: { filters: [] } },
) => ({
  SpanAggregation: { filter, attribute_key, aggregation },
});
export const inResponses = (mode: string, task: object) => ({
  AttributeFilter: { key: "gen_ai.response", task, mode },
});
export const agent = (assertion: object, operator: string, expected_value: Json, provider?: string) => ({
  AgentAssertion: { id: "x", assertion, operator, expected_value, provider },
});
export const called = agent({ ToolCalled: { name: "transfer_to_agent" } }, "Equals", true);

/** A trace, an assertion, and the value that it takes from the trace. */
export const traceCases: readonly (readonly [GoldenTrace, object, Json])[] = [
    ["simple", { SpanSequence: { span_names: ["root", "child_1", "child_2"] } }, true],
    ["simple", { SpanSequence: { span_names: ["root", "child_x", "child_2"] } }, false],
    ["simple", { SpanSequence: { span_names: ["root", "child_1"] } }, false],
    ["simple", { SpanSet: { span_names: ["child_2", "root", "child_1"] } }, true],
    ["simple", { SpanSet: { span_names: [] } }, true],
    ["simple", { SpanSet: { span_names: ["root", "nope"] } }, false],
    ["simple", count(byName("child_1")), 1],
    ["simple", count({ ByNamePattern: { pattern: "^child_.*" } }), 2],
    ["simple", { SpanExists: { filter: byName("child_1") } }, true],
    ["simple", { SpanExists: { filter: byName("nope") } }, false],
    ["simple", sum("nope", "Sum"), null],
    ["simple", sum("nope", "Count"), 0],
    ["nested", { TraceMaxDepth: {} }, 2],
    ["nested", count({ WithDuration: { min_ms: 100 } }), 3],
    ["nested", count({ WithDuration: {} }), 4],
    ["errors", { TraceErrorCount: {} }, 1],
    ["errors", count({ WithStatus: { status: "Error" } }), 1],
    ["errors", { SpanExists: { filter: byName("recovery") } }, true],
    [
      "attributes",
      { SpanAttribute: { filter: byName("api_call"), attribute_key: "model" } },
      "gpt-4",
    ],
    [
      "attributes",
      { SpanAttribute: { filter: byName("api_call"), attribute_key: "response" } },
      { success: true, data: { id: 12_345 } },
    ],
    ["attributes", { SpanAttribute: { filter: byName("api_call"), attribute_key: "nope" } }, []],
    ["attributes", { SpanAttribute: { filter: byName("nope"), attribute_key: "model" } }, null],
    ["attributes", sum("tokens.output", "Sum"), 300],
    ["attributes", sum("tokens.input", "Sum"), 150],
    ["attributes", sum("model", "Count"), 1],
    ["attributes", sum("model", "Sum"), null],
    ["attributes", count({ WithAttribute: { key: "model" } }), 1],
    ["attributes", count({ WithAttributeValue: { key: "http.method", value: "POST" } }), 1],
    ["attributes", count({ WithStatus: { status: "Ok" } }), 2],
    ["attributes", count({ WithDuration: { min_ms: 80, max_ms: 120 } }), 1],
    [
      "attributes",
      count({
        And: {
          filters: [{ WithAttribute: { key: "http.method" } }, { WithStatus: { status: "Ok" } }],
        },
      }),
      1,
    ],
    [
      "attributes",
      count({
        Or: {
          filters: [
            { WithAttributeValue: { key: "http.method", value: "GET" } },
            { WithAttributeValue: { key: "model", value: "gpt-4" } },
          ],
        },
      }),
      1,
    ],
    ["attributes", count({ Or: { filters: [] } }), 0],
    ["attributes", { TraceDuration: {} }, 250],
    ["attributes", { TraceMaxDepth: {} }, 1],
    ["attributes", { TraceSpanCount: {} }, 2],
    ["attributes", { TraceAttribute: { attribute_key: "http.method" } }, "POST"],
    ["services", { TraceServiceCount: {} }, 3],
    ["pattern", count({ Sequence: { names: ["call_tool", "run_agent"] } }), 2],
    ["pattern", count({ Sequence: { names: [] } }), 0],
    ["pattern", count(byName("call_tool")), 2],
    ["pattern", { TraceDuration: {} }, 530],
    ["pattern", { SpanDuration: { filter: byName("call_tool") } }, [100, 80]],
    ["pattern", { SpanDuration: { filter: byName("start") } }, 50],
    ["gemini", inResponses("Any", called), true],
    ["gemini", inResponses("All", called), false],
    [
      "gemini",
      inResponses("All", {
        Assertion: {
          context_path: "candidates[0].finishReason",
          operator: "Equals",
          expected_value: "STOP",
        },
      }),
      true,
    ],
    ["gemini", inResponses("All", agent({ ResponseTotalTokens: {} }, "LessThan", 5_000)), true],
    ["gemini", { AttributeFilter: { key: "nope", task: called, mode: "Any" } }, false],
    ["gemini", { AttributeFilter: { key: "nope", task: called, mode: "All" } }, false],
    [
      "adk",
      inResponses("All", {
        Assertion: { context_path: "finish_reason", operator: "Equals", expected_value: "STOP" },
      }),
      true,
    ],
    [
      "adk",
      inResponses("All", agent({ ResponseModel: {} }, "Contains", "gemini", "GoogleAdk")),
      true,
    ],
];
