import { systemClock, type EvaluationTask, type RunDocument } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import savedV1 from "../compare/golden/run-version-1.json" with { type: "json" };
import { suiteOf } from "../suite/read-suite.ts";
import { compileSuite } from "../suite/compile-suite.ts";
import { declaredTasks } from "../task/declared-tasks.ts";
import type { EvaluatedSpan } from "../port/span-source.ts";
import type { CollectedRecord } from "./collected-repeat.ts";
import { EvalDataset } from "./eval-dataset.ts";
import { EvalResults } from "./eval-results.ts";
import { evalMetrics } from "./eval-metrics.ts";
import { EvalRunner } from "./eval-runner.ts";

// The cases of the reference documents for comparison and scenarios, where these are not bugs of the reference.

const ports = { clock: systemClock };
const identity = { runId: "r", createdAtMs: 0 };

function assertion(id: string, path: string, operator: string, expected: unknown, more = {}) {
  const fields = { task_type: "Assertion", id, context_path: path, operator };
  return { ...fields, expected_value: expected, ...more };
}

function tasksOf(...tasks: readonly object[]): readonly EvaluationTask[] {
  const [scenario] = suiteOf([{ initial_query: "q", tasks }]).scenarios;
  return scenario === undefined ? [] : declaredTasks(scenario.tasks);
}

function runnerOf(suite: object): EvalRunner {
  return new EvalRunner(compileSuite(suiteOf(suite)));
}

function record(context: CollectedRecord["context"], traceId: string | null = null) {
  const ids = { uid: "u", recordId: "", sessionId: "s" };
  return { ...ids, context, traceId, source: "Queue" } satisfies CollectedRecord;
}

const checks = tasksOf(
  assertion("quality", "quality", "GreaterThanOrEqual", 7),
  assertion("accuracy", "accuracy", "GreaterThanOrEqual", 8),
  assertion("solution", "solution", "Equals", true),
  assertion("concern", "concern", "Equals", true),
);

type Row = readonly [number, number, boolean, boolean];

async function judged(rows: readonly Row[]): Promise<EvalResults> {
  const records = rows.map(([quality, accuracy, solution, concern], index) => ({
    id: `record_${index + 1}`,
    context: { quality, accuracy, solution, concern },
  }));
  return new EvalDataset("answers", records, checks).evaluate({ ports, ...identity });
}

const T = true;
const F = false;
const baseline: readonly Row[] = [
  [5, 6, F, F],
  [7, 8, T, T],
  [6, 7, T, F],
  [8, 9, T, T],
  [5, 6, F, T],
];
const improved: readonly Row[] = baseline.map(() => [8, 9, T, T]);
const regressed: readonly Row[] = [
  [4, 5, F, F],
  [6, 7, T, F],
  [5, 6, F, T],
  [7, 8, T, T],
  [4, 5, F, F],
];

describe("comparison of datasets", () => {
  it.each([
    ["improved", improved, { improved: 3, regressed: 0, unchanged: 2 }, 0.5],
    ["regressed", regressed, { improved: 0, regressed: 2 }, -0.2],
    ["the same", baseline, { improved: 0, regressed: 0, unchanged: 5 }, 0],
  ] as const)("%s", async (_name, rows, counts, meanChange) => {
    const before = await judged(baseline);
    const comparison = (await judged(rows)).compareTo(before, { regressionThreshold: 0.05 });
    const [workflow] = comparison.workflows;
    expect(workflow).toMatchObject(counts);
    expect(workflow?.meanChange).toBeCloseTo(meanChange, 12);
    expect(comparison.verdict === "fail").toBe(meanChange < 0);
  });

  it("never counts more regressions with a laxer threshold", async () => {
    const [before, after] = [await judged(baseline), await judged(regressed)];
    const counts = [0, 0.05, 0.3, 0.6].map(
      (regressionThreshold) =>
        after.compareTo(before, { regressionThreshold }).workflows[0]?.regressed ?? 0,
    );
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  });

  it("keeps the order of the records, and finds each by its id, also after loading", async () => {
    const results = await judged(baseline);
    const loaded = EvalResults.fromJson(JSON.parse(JSON.stringify(results)));
    expect(loaded.document).toEqual(results.document);
    expect(loaded.document.scenarios.map(({ id }) => id)).toEqual(
      [1, 2, 3, 4, 5].map((place) => `record_${place}`),
    );
    expect(loaded.scenario("record_3").repeats[0]?.aliases["answers"]).toMatchObject({
      passed_tasks: 1,
      total_tasks: 4,
    });
    expect(() => loaded.scenario("record_9")).toThrow("no scenario has the id 'record_9'");
  });

  it("lists tasks that a gate opened on one side only as missing", async () => {
    const gated = tasksOf(
      assertion("is_premium", "kind", "Equals", "premium", { condition: true }),
      assertion("is_standard", "kind", "Equals", "standard", { condition: true }),
      assertion("premium", "text", "IsNotEmpty", true, { depends_on: ["is_premium"] }),
      assertion("standard", "text", "IsNotEmpty", true, { depends_on: ["is_standard"] }),
    );
    const run = (kind: string) =>
      new EvalDataset("a", [{ id: "r", context: { kind, text: "x" } }], gated).evaluate({
        ports,
        ...identity,
      });
    const [premium, standard] = [await run("premium"), await run("standard")];
    const tasks = premium.scenario("r").repeats[0]?.aliases["a"]?.tasks;
    expect(tasks?.["standard"]?.outcome).toBe("skipped");
    const comparison = standard.compareTo(premium);
    expect(comparison.metrics.find(({ id }) => id === "task:a/premium")?.skipped).toEqual({
      baseline: 0,
      candidate: 1,
    });
  });

  it("updates contexts by id", async () => {
    const dataset = new EvalDataset("a", [{ id: "r", context: { x: 1, y: 1 } }], checks);
    expect(dataset.withUpdatedContexts({ r: { y: 2 } }).records[0]?.context).toEqual({
      x: 1,
      y: 2,
    });
    expect(dataset.withUpdatedContexts({ r: 5 }).records[0]?.context).toBe(5);
    expect(() => dataset.withUpdatedContexts({ s: 5 })).toThrow("'s'");
  });
});

describe("scenarios", () => {
  const hello = assertion("says_hello", "response", "Contains", "hello");

  it.each([
    ["hello world", "passed"],
    ["goodbye", "failed"],
  ])("%s: %s", async (response, outcome) => {
    const runner = runnerOf([{ id: "s", initial_query: "q", tasks: [hello] }]);
    runner.collect("s", { response });
    const results = await runner.evaluate(identity, ports);
    expect(results.scenario("s").repeats[0]).toMatchObject({
      outcome,
      tasks: { says_hello: { outcome } },
    });
    const rate = outcome === "passed" ? 1 : 0;
    expect(results.metrics.scenario_task_pass_rates).toEqual({ s: { says_hello: rate } });
  });

  it("two, of which one fails: 1 of 2", async () => {
    const scenarios = ["a", "b"].map((id) => ({ id, initial_query: "q", tasks: [hello] }));
    const runner = runnerOf(scenarios);
    runner.collect("a", { response: "hello" });
    runner.collect("b", { response: "bye" });
    expect((await runner.evaluate(identity, ports)).metrics).toMatchObject({
      total_scenarios: 2,
      passed_scenarios: 1,
      scenario_pass_rate: 0.5,
    });
  });

  it("without tasks is no scenario of the rate; its alias counts", async () => {
    const runner = runnerOf({
      aliases: { a: [assertion("big", "n", "GreaterThan", 1)] },
      scenarios: [{ id: "s", initial_query: "q" }],
    });
    runner.collect("s", { response: "", records: { a: [record({ n: 2 })] } });
    const { metrics } = await runner.evaluate(identity, ports);
    expect(metrics).toMatchObject({ total_scenarios: 0, dataset_pass_rates: { a: 1 } });
  });

  it("a response that is an object is looked into", async () => {
    const tasks = [assertion("good", "response.quality", "GreaterThanOrEqual", 7)];
    const runner = runnerOf([{ id: "s", initial_query: "q", tasks }]);
    runner.collect("s", { response: { quality: 9 } });
    const results = await runner.evaluate(identity, ports);
    expect(results.scenario("s").repeats[0]?.outcome).toBe("passed");
  });

  it("alternative gates do not keep a scenario from passing", async () => {
    const tasks = [
      assertion("is_foo", "response", "Equals", "foo", { condition: true }),
      assertion("is_bar", "response", "Equals", "bar", { condition: true }),
      assertion("foo", "response", "IsString", true, { depends_on: ["is_foo"] }),
      assertion("bar", "response", "IsString", true, { depends_on: ["is_bar"] }),
    ];
    const runner = runnerOf([{ id: "s", initial_query: "q", tasks }]);
    runner.collect("s", { response: "bar" });
    const results = await runner.evaluate(identity, ports);
    expect(results.scenario("s").repeats[0]?.outcome).toBe("passed");
  });

  it("a record that errs counts as not passed: 9 of 10 that crash are no 100 %", async () => {
    const runner = runnerOf({
      aliases: { a: [assertion("big", "n", "GreaterThan", 1)] },
      scenarios: [{ id: "s", initial_query: "q" }],
    });
    const records = [record({ n: 2 }), ...Array.from({ length: 9 }, () => record({}))];
    runner.collect("s", { response: "", records: { a: records } });
    const { metrics } = await runner.evaluate(identity, ports);
    expect(metrics.dataset_pass_rates).toEqual({ a: 0.1 });
  });

  it("refuses what does not fit", async () => {
    const runner = runnerOf({
      aliases: { a: [hello] },
      scenarios: [{ id: "s", initial_query: "q", tasks: [hello] }],
    });
    expect(() => runner.collect("x", { response: "" })).toThrow("no scenario has the id 'x'");
    expect(() => runner.collect("s", { response: "", records: { b: [] } })).toThrow("alias 'b'");
    await expect(runner.evaluate(identity, ports)).rejects.toThrow("no context");
    runner.collect("s", { response: "" });
    expect(() => runner.collect("s", { response: "" })).toThrow("already has data");
  });

  it("metrics of nothing are 0", () => {
    expect(evalMetrics({ scenarios: [] })).toEqual({
      dataset_pass_rates: {},
      workflow_pass_rate: 0,
      total_scenarios: 0,
      passed_scenarios: 0,
      scenario_pass_rate: 0,
      overall_pass_rate: 0,
      scenario_task_pass_rates: {},
    });
  });

  it("new and removed scenarios and aliases are listed; only what both have is compared", async () => {
    const run = async (ids: readonly string[], aliases: readonly string[]) => {
      const runner = runnerOf({
        aliases: Object.fromEntries(aliases.map((alias) => [alias, [hello]])),
        scenarios: ids.map((id) => ({ id, initial_query: "q", tasks: [hello] })),
      });
      const records = Object.fromEntries(aliases.map((alias) => [alias, [record({})]]));
      for (const id of ids) runner.collect(id, { response: "hello", records });
      return runner.evaluate(identity, ports);
    };
    const before = await run(["s1", "s2"], ["a", "b"]);
    const after = await run(["s1", "s3"], ["a", "c"]);
    expect(after.compareTo(before, { allowRemoved: true })).toMatchObject({
      addedScenarios: ["s3"],
      removedScenarios: ["s2"],
      addedAliases: ["c"],
      removedAliases: ["b"],
    });
  });

  it("a scenario that went from pass to fail is a regression, aliases or not", async () => {
    const run = async (response: string) => {
      const runner = runnerOf([{ id: "s1", initial_query: "q", tasks: [hello] }]);
      runner.collect("s1", { response });
      return runner.evaluate(identity, ports);
    };
    const comparison = (await run("bye")).compareTo(await run("hello"));
    expect(comparison.verdict).toBe("fail");
  });

  it("reads the sample of version 1 and writes the same", () => {
    const results = EvalResults.fromJson(savedV1);
    const written = JSON.parse(JSON.stringify(results)) as RunDocument;
    expect(EvalResults.fromJson(written).document).toEqual(results.document);
  });
});

describe("traces without records", () => {
  const uid = "0194f0c2-0000-7000-8000-000000000001";
  const profile = {
    config: { uid },
    tasks: {
      assertion: [],
      judge: [],
      agent: [],
      trace: [
        {
          id: "one_span",
          operator: "Equals",
          expected_value: 1,
          assertion: { SpanCount: { filter: { ByName: { name: "work" } } } },
        },
      ],
    },
  };
  const span = (spanId: string, attributes: EvaluatedSpan["attributes"], traceId = "t1") => ({
    traceId,
    spanId,
    name: "work",
    serviceName: "s",
    startTimeMs: 0,
    endTimeMs: 1,
    status: "Ok" as const,
    attributes,
  });

  async function aliasOf(
    spans: readonly EvaluatedSpan[],
    records: readonly CollectedRecord[] = [],
  ) {
    const suite = suiteOf(
      { aliases: { a: { profile: "p" } }, scenarios: [{ id: "s", initial_query: "q" }] },
      "suite",
      () => JSON.stringify(profile),
    );
    const runner = new EvalRunner(compileSuite(suite));
    runner.collect("s", { response: "", spans, records: { a: records } });
    return (await runner.evaluate(identity, ports)).scenario("s").repeats[0]?.aliases["a"];
  }

  it("get one record for their profile, and are checked on their own spans", async () => {
    const found = await aliasOf([
      span("1", { "scouter.entity": uid }),
      span("2", { "scouter.entity": uid }, "t2"),
    ]);
    expect(found).toMatchObject({ records: 2, outcome: "passed" });
  });

  it("get one although two spans name the profile", async () => {
    const found = await aliasOf([
      span("1", { "scouter.entity": uid }),
      span("2", { [`scouter.entity.${uid}`]: uid }),
    ]);
    expect(found).toMatchObject({ records: 1, outcome: "failed" });
  });

  it("get none where a record was made in the trace, or no span names the profile", async () => {
    const event = { "scouter.entity": uid, "scouter.queue.record": "u" };
    expect(await aliasOf([span("1", event)])).toBeUndefined();
    expect(await aliasOf([span("1", {})])).toBeUndefined();
    const own = await aliasOf([span("1", { "scouter.entity": uid })], [record({}, "t1")]);
    expect(own).toMatchObject({ records: 1 });
  });
});
