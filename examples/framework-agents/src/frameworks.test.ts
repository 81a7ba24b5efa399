import { OpenTelemetry } from "@ai-sdk/otel";
import { LangChainInstrumentation } from "@arizeai/openinference-instrumentation-langchain";
import * as callbackManager from "@langchain/core/callbacks/manager";
import { evaluate, startSpanCapture } from "@scouter/sdk/offline";
import {
  type ChatCompletionBody,
  type OpenAiModelServer,
  startOpenAiModelServer,
} from "@scouter/testkit/model-server/openai-model-server";
import { registerTelemetry } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aiSdkAgent } from "./ai-sdk-agent.ts";
import { langChainAgent } from "./langchain-agent.ts";
import { temperatures } from "./weather.ts";

let server: OpenAiModelServer;
let isDown = false;
let capture: Awaited<ReturnType<typeof startSpanCapture>>;

beforeAll(async () => {
  server = await startOpenAiModelServer({ respond: ({ body }) => reply(body) });
  // As `scouter eval run` does, before the agent and its instrumentations are set up.
  capture = await startSpanCapture();
  registerTelemetry(new OpenTelemetry());
  new LangChainInstrumentation().manuallyInstrument(callbackManager);
});
afterAll(async () => {
  capture.end();
  await server.close();
});

/** A model that calls the tool, then says what the tool gave. */
function reply({ messages }: ChatCompletionBody) {
  if (isDown) return { kind: "failure", status: 503 } as const;
  const result = messages.find(({ role }) => role === "tool")?.content;
  const tokens = { inputTokens: 20, outputTokens: 5 };
  if (result !== undefined) {
    const [celsius] = /-?\d+/.exec(JSON.stringify(result)) ?? ["?"];
    return { kind: "answer", text: `It is ${celsius} degrees.`, ...tokens } as const;
  }
  const asked = JSON.stringify(messages.find(({ role }) => role === "user")?.content);
  const city = Object.keys(temperatures).find((name) => asked.includes(name)) ?? "";
  const call = { id: `call_${city}`, name: "temperature", arguments: JSON.stringify({ city }) };
  return { kind: "answer", text: "", toolCalls: [call], ...tokens } as const;
}

/** What is asked of each framework's spans, in its own words. */
const frameworks = [
  { name: "AI SDK", make: aiSdkAgent, toolSpan: "^execute_tool", modelSpan: "^chat" },
  {
    name: "LangChain.js",
    make: langChainAgent,
    toolSpan: "^temperature$",
    modelSpan: "^ChatOpenAI",
  },
];

function spanCount(id: string, pattern: string, expected_value: number) {
  const assertion = { SpanCount: { filter: { ByNamePattern: { pattern } } } };
  return { task_type: "TraceAssertion", id, operator: "Equals", expected_value, assertion };
}

function suiteFor({ toolSpan, modelSpan }: (typeof frameworks)[number]) {
  return {
    tasks: [
      {
        task_type: "Assertion",
        id: "right_figure",
        context_path: "response",
        operator: "Contains",
        expected_value: "${ground_truth.celsius} degrees",
      },
      spanCount("calls_the_tool_once", toolSpan, 1),
      spanCount("asks_the_model_twice", modelSpan, 2),
    ],
    scenarios: Object.entries(temperatures).map(([city, celsius]) => ({
      id: city,
      initial_query: `How warm is it in ${city}?`,
      ground_truth: { celsius },
    })),
  };
}

describe.each(frameworks)("an agent of $name", (framework) => {
  it("is captured unchanged, six scenarios at once, each with its own spans alone", async () => {
    const results = await evaluate({
      suite: suiteFor(framework),
      agent: framework.make(server.url),
      concurrency: 6,
    });
    expect(results.metrics).toMatchObject({ scenario_pass_rate: 1, total_scenarios: 6 });
    for (const { id, repeats } of results.document.scenarios) {
      const spans = JSON.stringify(repeats[0]?.spans);
      const seen = Object.keys(temperatures).filter((city) => spans.includes(city));
      expect(seen).toEqual([id]);
    }
  });

  it("does not answer while the provider is down, which is not its fault", async () => {
    isDown = true;
    try {
      const results = await evaluate({
        suite: [{ id: "Oslo", initial_query: "How warm is it in Oslo?" }],
        agent: framework.make(server.url),
      });
      expect(results.scenario("Oslo").repeats[0]).toMatchObject({
        outcome: "errored",
        error_source: "provider",
      });
    } finally {
      isDown = false;
    }
  });
});
