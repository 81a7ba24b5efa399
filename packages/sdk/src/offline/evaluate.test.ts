import { context, trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { evalRecord } from "../record/eval-record.ts";
import { ScouterQueue } from "../queue/scouter-queue.ts";
import { memoryTransport } from "../transport/memory-transport.ts";
import { evaluate } from "./evaluate.ts";
import { EvalOrchestrator } from "./eval-orchestrator.ts";

const text = {
  task_type: "Assertion",
  id: "is_text",
  context_path: "response",
  operator: "IsString",
  expected_value: true,
};
const positive = { ...text, id: "positive", context_path: "count", operator: "IsPositive" };
const good = {
  ...text,
  id: "good",
  context_path: "quality",
  operator: "GreaterThanOrEqual",
  expected_value: 7,
};
const hasSearch = {
  task_type: "TraceAssertion",
  id: "searched_once",
  operator: "Equals",
  expected_value: 1,
  assertion: { SpanCount: { filter: { ByName: { name: "search" } } } },
};

function queueOf(...aliases: readonly string[]) {
  const transport = memoryTransport();
  const profiles = Object.fromEntries(aliases.map((alias) => [alias, { uid: `uid-${alias}` }]));
  return { queue: new ScouterQueue({ profiles, transport }), transport };
}

async function searchSpan(work: () => Promise<void>): Promise<void> {
  await trace.getTracer("agent").startActiveSpan("search", async (span) => {
    await work();
    span.end();
  });
}

const pause = () => new Promise((resolve) => setImmediate(resolve));

describe("evaluate", () => {
  it("judges sub-agents, scenarios and the whole: 0.9, 0.6, 1 and their mean", async () => {
    const { queue, transport } = queueOf("retriever", "synthesizer");
    const cases = [
      [8, 3],
      [9, 5],
      [7, 2],
      [4, 0],
      [6, 1],
    ] as const;
    const results = await evaluate({
      suite: {
        aliases: { retriever: [positive, hasSearch], synthesizer: [good] },
        tasks: [text],
        scenarios: cases.map((_, index) => ({ id: `s${index}`, initial_query: String(index) })),
      },
      concurrency: 5,
      agent: async (message) => {
        const [quality, count] = cases[Number(message)] ?? [0, 0];
        await searchSpan(async () => {
          await pause();
          queue.insert("retriever", evalRecord({ context: { count } }));
        });
        await pause();
        queue.insert("synthesizer", () => evalRecord({ context: { quality } }));
        return "answer";
      },
    });
    const { metrics, document } = results;
    expect(metrics.dataset_pass_rates).toEqual({ retriever: 0.9, synthesizer: 0.6 });
    expect(metrics).toMatchObject({ scenario_pass_rate: 1, total_scenarios: 5 });
    expect(metrics.overall_pass_rate).toBeCloseTo((0.9 + 0.6 + 1) / 3, 12);
    // Five scenarios at once, and each repeat has its own record and its own span.
    for (const scenario of document.scenarios) {
      expect(scenario.repeats[0]?.aliases["retriever"]).toMatchObject({ records: 1 });
      expect(scenario.repeats[0]?.spans).toMatchObject([{ name: "search" }]);
    }
    await queue.shutdown();
    expect(transport.sent).toEqual([]);
    expect(queue.stats().offered).toBe(0);
  });

  it("leaves the process as it was: no provider, and records are sent again", async () => {
    const { queue, transport } = queueOf("a");
    await evaluate({ suite: [{ initial_query: "x" }], agent: () => "y" });
    queue.insert("a", evalRecord({ context: {} }));
    await queue.shutdown();
    expect(transport.sent).toHaveLength(1);
    expect(trace.getTracer("x").startSpan("y").isRecording()).toBe(false);
    expect(context.active().getValue(Symbol.for("none"))).toBeUndefined();
  });

  it("keeps two evaluations in one process apart", async () => {
    const { queue } = queueOf("a");
    const run = (count: number, scenarios: number) =>
      evaluate({
        suite: {
          aliases: { a: [positive] },
          scenarios: Array.from({ length: scenarios }, (_, index) => ({
            id: `s${index}`,
            initial_query: "q",
          })),
        },
        agent: async () => {
          await pause();
          queue.insert("a", evalRecord({ context: { count } }));
          await pause();
          return "done";
        },
      });
    const [ones, minus] = await Promise.all([run(1, 20), run(-1, 30)]);
    expect(ones.metrics.dataset_pass_rates).toEqual({ a: 1 });
    expect(minus.metrics.dataset_pass_rates).toEqual({ a: 0 });
    await queue.shutdown();
  });

  it("tells an outage from an agent's error, and goes on after both", async () => {
    const results = await evaluate({
      suite: ["fine", "bug", "outage", "nested", "said"].map((id) => ({ id, initial_query: id })),
      agent: (message) => {
        if (message === "bug") throw new Error("cannot read properties of undefined");
        if (message === "outage") throw Object.assign(new Error("overloaded"), { status: 529 });
        if (message === "nested") {
          throw new Error("no answer", {
            cause: Object.assign(new Error(), { code: "ECONNRESET" }),
          });
        }
        if (message === "said") throw Object.assign(new Error("x"), { errorSource: "judge" });
        return message;
      },
    });
    const sources = Object.fromEntries(
      results.document.scenarios.map(({ id, repeats }) => [id, repeats[0]?.error_source]),
    );
    expect(sources).toEqual({
      bug: "agent",
      outage: "provider",
      nested: "provider",
      said: "judge",
    });
  });

  it("ends with the agent's error when asked to", async () => {
    let asked = 0;
    const run = evaluate({
      suite: ["a", "b", "c"].map((id) => ({ id, initial_query: id })),
      concurrency: 1,
      failFast: true,
      agent: (message) => {
        asked += 1;
        if (message === "b") throw new RangeError("no b");
        return message;
      },
    });
    await expect(run).rejects.toThrow(RangeError);
    expect(asked).toBe(2);
    expect(trace.getTracer("x").startSpan("y").isRecording()).toBe(false);
  });

  it("refuses records for an alias that the suite does not know", async () => {
    const { queue } = queueOf("b");
    const results = await evaluate({
      suite: { aliases: { a: [positive] }, scenarios: [{ id: "s", initial_query: "q" }] },
      agent: () => {
        queue.insert("b", evalRecord({ context: {} }));
        return "";
      },
    });
    expect(results.scenario("s").repeats[0]).toMatchObject({
      outcome: "errored",
      error_source: "harness",
      error: "records came for the alias 'b', which the suite does not have: it has 'a'",
    });
    await queue.shutdown();
  });

  it("asks for what a suite needs before it runs anything", async () => {
    const interactive = [{ initial_query: "q", simulated_user_persona: "p" }];
    await expect(evaluate({ suite: interactive, agent: () => "" })).rejects.toThrow(
      "'simulatedUser'",
    );
    await expect(new EvalOrchestrator({ suite: [{ initial_query: "q" }] }).run()).rejects.toThrow(
      "'agent'",
    );
  });

  it("gives every repeat a seed that depends on the run's seed alone", async () => {
    const seeds = async (seed: number, ids: readonly string[]) => {
      const seen = new Map<string, number>();
      await evaluate({
        suite: ids.map((id) => ({ id, initial_query: id })),
        repeats: 2,
        seed,
        agent: (message, { seed: own, repeat }) => {
          seen.set(`${message}/${repeat}`, own);
          return "";
        },
      });
      return seen;
    };
    const [first, again, other] = [
      await seeds(1, ["a", "b"]),
      await seeds(1, ["b", "c", "a"]),
      await seeds(2, ["a"]),
    ];
    expect(again.get("a/1")).toBe(first.get("a/1"));
    expect(new Set(first.values()).size).toBe(4);
    expect(other.get("a/0")).not.toBe(first.get("a/0"));
  });

  it("stops at the signal with its reason", async () => {
    const stop = new AbortController();
    const run = evaluate({
      suite: [{ initial_query: "a" }, { initial_query: "b" }],
      signal: stop.signal,
      concurrency: 1,
      agent: () => {
        stop.abort(new Error("enough"));
        return new Promise(() => {});
      },
    });
    await expect(run).rejects.toThrow("enough");
  });
});

describe("EvalOrchestrator", () => {
  it("goes through its steps in order, and ends with what the last one gives", async () => {
    const steps: string[] = [];
    class Run extends EvalOrchestrator<string> {
      protected override onScenarioStart() {
        steps.push("start");
      }
      protected override executeAgent() {
        steps.push("execute");
        return Promise.resolve({ quality: 9 });
      }
      protected override onScenarioComplete(_: unknown, response: unknown) {
        steps.push(`complete ${JSON.stringify(response)}`);
      }
      protected override onEvaluationComplete() {
        steps.push("evaluation complete");
        return "sentinel";
      }
    }
    const suite = [{ initial_query: "q", tasks: [{ ...good, context_path: "response.quality" }] }];
    expect(await new Run({ suite }).run()).toBe("sentinel");
    expect(steps).toEqual(["start", "execute", 'complete {"quality":9}', "evaluation complete"]);
  });

  it("builds the response from the whole conversation", async () => {
    const results = await evaluate({
      suite: [
        {
          id: "s",
          initial_query: "q",
          simulated_user_persona: "p",
          termination_signal: "DONE",
          tasks: [{ ...good, context_path: "response.turns", expected_value: 2 }],
        },
      ],
      agent: (message) => message,
      simulatedUser: (_, { turn }) => (turn === 1 ? "DONE" : "more"),
      buildResponse: (_scenario, response, exchanges) => ({ response, turns: exchanges.length }),
    });
    expect(results.scenario("s").repeats[0]).toMatchObject({
      outcome: "passed",
      response: { response: "more", turns: 2 },
    });
  });

  it("makes a failing hook an error of the harness", async () => {
    class Run extends EvalOrchestrator {
      protected override onScenarioStart() {
        throw new Error("no database");
      }
    }
    const results = await new Run({
      suite: [{ id: "s", initial_query: "q" }],
      agent: () => "",
    }).run();
    expect(results.scenario("s").repeats[0]).toMatchObject({ error_source: "harness" });
  });
});
