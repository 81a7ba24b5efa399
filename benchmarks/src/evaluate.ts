/**
 * Offline tasks a second of CPU: one record with tasks of every operator kind that is common in profiles, and the same
 * with agent and trace assertions on a response and a trace. Then whole servers: records a second of CPU (the database's
 * counted), and the time to a stored result. No model is asked. Options: `--seconds N` (default 3) for each offline
 * figure, `--heavy` alone: how long a server's loop stands still over heavy records, with threads for them and without,
 * `--records N` (default 40,000) and `--latencies N` (default 400) for the online ones, `--offline` alone,
 * `--reference` to measure the Python package `scouter-ml` beside it.
 */
import { parseArgs } from "node:util";
import { systemClock, taskBuckets, type Json } from "@scouter/contracts";
import { compileTasks, evaluateAssertions, evaluateRecord } from "@scouter/evaluate";
import { measureHeavy } from "./evaluate/heavy.ts";
import { measureOnline } from "./evaluate/online.ts";
import { measureReference, type ReferenceTask } from "./evaluate/reference.ts";
import { printFigure } from "./figure/print-figure.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    records: { type: "string", default: "40000" },
    latencies: { type: "string", default: "400" },
    offline: { type: "boolean", default: false },
    reference: { type: "boolean", default: false },
    heavy: { type: "boolean", default: false },
  },
});
const budgetMs = Number(options.seconds) * 1_000;
/** The first runs are spent on warming up. */
const WARM_RUNS = 2_000;

const context: Json = {
  answer: "The order 4711 was sent on Monday, see doc-7 for its track.",
  source: { id: "doc-7", score: 0.91, labels: ["shipping", "order"] },
  steps: [{ ms: 12 }, { ms: 40 }, { ms: 7 }],
  response: {
    model: "gpt-4o",
    choices: [
      {
        message: {
          content: "done",
          tool_calls: [{ id: "c1", function: { name: "track", arguments: '{"order":4711}' } }],
        },
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  },
};
const assertion = [
  ["answer", "IsNotEmpty", true],
  ["answer", "Contains", "${source.id}"],
  ["answer", "Matches", "order \\d+"],
  ["source.score", "InRange", [0.5, 1]],
  ["source.labels", "ContainsAll", ["order"]],
  ["steps", "HasLengthLessThanOrEqual", 5],
  ["steps[*].ms", "LessThan", 100],
  ["source.id", "Equals", "doc-7"],
].map(([context_path, operator, expected_value], index) => ({
  id: `assertion_${index}`,
  context_path,
  operator,
  expected_value,
}));
const agent = [
  [{ ToolCalled: { name: "track" } }, "Equals", true],
  [{ ToolArgument: { name: "track", argument_key: "order" } }, "Equals", 4_711],
  [{ ResponseTotalTokens: {} }, "LessThan", 1_000],
].map(([wanted, operator, expected_value], index) => ({
  id: `agent_${index}`,
  assertion: wanted,
  context_path: "response",
  operator,
  expected_value,
}));
const trace = [
  [{ TraceDuration: {} }, "LessThan", 1_000],
  [{ SpanCount: { filter: { ByName: { name: "step 3" } } } }, "Equals", 1],
  [{ TraceErrorCount: {} }, "IsZero", null],
].map(([wanted, operator, expected_value], index) => ({
  id: `trace_${index}`,
  assertion: wanted,
  operator,
  expected_value,
}));

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const spans = Array.from({ length: 10 }, (_, index) => ({
  traceId: TRACE_ID,
  spanId: String(index).padStart(16, "0"),
  ...(index === 0 ? {} : { parentSpanId: "0".repeat(16) }),
  name: `step ${index}`,
  serviceName: "agent",
  startTimeMs: index,
  endTimeMs: index + 5,
  status: "Ok" as const,
  attributes: {},
}));
// Not the testkit's source: that one copies its spans, which would be most of what is measured.
const spanSource = { spansOf: () => Promise.resolve(spans) };

const none = { assertion: [], judge: [], trace: [], agent: [] };
const assertions = compileTasks(taskBuckets.parse({ ...none, assertion }));
const everything = compileTasks(taskBuckets.parse({ ...none, assertion, agent, trace }));
const record = { context, recordUid: "r", entityUid: "e", traceId: TRACE_ID };
const ports = { clock: systemClock, spanSource };

if (options.heavy) {
  await measureHeavy();
  process.exit();
}

const ours = await measure("offline_tasks_per_core_s", 1_000_000, assertions.tasks.length, () => {
  evaluateAssertions({ ...record, tasks: assertions, ports });
});
if (options.reference) {
  // Templates, wildcards and labels with a dot are ours; the reference gets the same checks without them.
  const shared = assertion.filter(({ expected_value, context_path }) => {
    return expected_value !== "${source.id}" && !String(context_path).includes("*");
  });
  measureReference(shared as readonly ReferenceTask[], context, ours);
}
await measure("offline_mixed_tasks_per_core_s", null, everything.tasks.length, async () => {
  await evaluateRecord({ ...record, tasks: everything, ports });
});

if (!options.offline) {
  await measureOnline({ records: Number(options.records), latencies: Number(options.latencies) });
}

/** Runs for the time given and divides what was done by the CPU time that the process used for it. */
async function measure(
  name: string,
  target: number | null,
  tasksPerRun: number,
  run: () => void | Promise<void>,
): Promise<number> {
  for (let count = 0; count < WARM_RUNS; count += 1) await run();
  const cpu = process.cpuUsage();
  const endMs = performance.now() + budgetMs;
  let runs = 0;
  for (; performance.now() < endMs; runs += 1) {
    const pending = run();
    if (pending !== undefined) await pending;
  }
  const { user, system } = process.cpuUsage(cpu);
  const value = (runs * tasksPerRun) / ((user + system) / 1e6);
  printFigure({ name, value, unit: "tasks/s", better: "higher", target, samples: runs });
  return value;
}
