import {
  systemClock,
  taskBuckets,
  type EvalTaskResult,
  type Json,
  type JsonObject,
} from "@scouter/contracts";
import {
  builtInVocabulary,
  compileTasks,
  evaluateRecord,
  type EvaluatedSpan,
} from "@scouter/evaluate";
import type { SpanRow } from "@scouter/telemetry";
import {
  arrayCases,
  goldenContext,
  mendedCases,
  operatorCases,
  pathCases,
  valueCases,
} from "@scouter/testkit/golden/assertion-cases";
import { traces } from "@scouter/testkit/golden/golden-traces";
import { traceCases } from "@scouter/testkit/golden/trace-cases";
import { InMemorySpanSource } from "@scouter/testkit/span-source/in-memory-span-source";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../test/fake/api-fixture.ts";
import { realDatabase, type RealDatabase } from "../../test/fake/real-database.ts";
import { agentEval, profileRequestOf, sampleProfile, spanRow } from "../../test/fake/samples.ts";
import { EvaluationThreads } from "../evaluation/thread/evaluation-threads.ts";
import { EvaluationWorkers } from "./evaluation-worker.ts";
import { MANY_TASKS } from "./profile-tasks.ts";

interface Group {
  readonly name: string;
  readonly tasks: { readonly assertion: JsonObject[]; readonly trace: JsonObject[] };
  readonly context: Json;
  readonly spans: readonly EvaluatedSpan[];
  readonly traceId: string | null;
}

let real: RealDatabase;
let fixture: ApiFixture;
let threads: EvaluationThreads;

beforeAll(async () => {
  real = await realDatabase();
  fixture = await apiFixture({}, real.database);
  threads = new EvaluationThreads({ size: 1 });
}, 60_000);
afterAll(async () => {
  await threads.close();
  await fixture.close();
  await real.remove();
});

/** All golden cases, those on one context or one trace as the tasks of one profile. */
function groups(): readonly Group[] {
  const byContext = new Map<string, Group>();
  const add = (context: Json, task: JsonObject) => {
    const text = JSON.stringify(context);
    const name = text.slice(0, 60);
    const fresh = { name, tasks: { assertion: [], trace: [] }, context, spans: [], traceId: null };
    const group = byContext.get(text) ?? fresh;
    byContext.set(text, group);
    group.tasks.assertion.push({ id: `case_${group.tasks.assertion.length}`, ...task });
  };
  for (const [context_path, expected_value] of pathCases) {
    add(goldenContext, { context_path, operator: "Equals", expected_value });
  }
  for (const [context_path, operator, expected_value] of operatorCases) {
    add(goldenContext, { context_path, operator, expected_value });
  }
  for (const [value, operator, expected_value] of valueCases)
    add(value, { operator, expected_value });
  for (const [context, context_path, operator, expected_value] of arrayCases) {
    add(context, { context_path, operator, expected_value });
  }
  for (const [, context, context_path, operator, expected_value] of mendedCases) {
    add(context, { context_path, operator, expected_value });
  }
  const names = Object.keys(traces) as (keyof typeof traces)[];
  const ofTraces = names.map((name, index): Group => {
    const traceId = (index + 1).toString(16).padStart(32, "c");
    const spans = traces[name].map((span) => ({ ...span, traceId }));
    const cases = traceCases.filter(([trace]) => trace === name);
    // Members that are not there are no part of JSON.
    const trace = cases.map(([, assertion, value], position) => ({
      id: `case_${position}`,
      assertion: JSON.parse(JSON.stringify(assertion)) as JsonObject,
      operator: "Equals",
      expected_value: value,
    }));
    return { name, tasks: { assertion: [], trace }, context: {}, spans, traceId };
  });
  return [...byContext.values(), ...ofTraces];
}

/** As the lake would give it. */
function rowOf(span: EvaluatedSpan): SpanRow {
  return spanRow({
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? null,
    name: span.name,
    serviceName: span.serviceName,
    startTimeUnixNano: BigInt(span.startTimeMs) * 1_000_000n,
    endTimeUnixNano: BigInt(span.endTimeMs) * 1_000_000n,
    statusCode: { Unset: 0, Ok: 1, Error: 2 }[span.status],
    attributes: new Map(
      Object.entries(span.attributes).map(([key, value]) => [key, JSON.stringify(value)]),
    ),
  });
}

/** Results without what two runs cannot have in common. */
function comparable(rows: readonly EvalTaskResult[]) {
  return rows
    .map((row) => ({ ...row, created_at: "", start_time: "", end_time: "", entity_id: 0 }))
    .toSorted((a, b) => (a.task_id < b.task_id ? -1 : 1));
}

async function offline({ tasks, context, spans, traceId }: Group, uid: string, profile: string) {
  const evaluation = await evaluateRecord({
    tasks: compileTasks(taskBuckets.parse({ judge: [], agent: [], ...tasks })),
    context,
    recordUid: uid,
    entityUid: profile,
    traceId,
    ports: { clock: systemClock, spanSource: new InMemorySpanSource(spans) },
  });
  return comparable(evaluation.tasks);
}

/** Registers, sends and evaluates by the way that a server takes; resolves with what it stored. */
async function online(group: Group, uid: string, useThreads: boolean) {
  const { tasks, context, traceId } = group;
  const sample = sampleProfile({ tasks: { judge: [], agent: [], ...tasks } });
  const payload = { ...profileRequestOf(sample), active: true };
  const reply = await fixture.app.inject({ method: "POST", url: "/scouter/profile", payload });
  const { uid: profile } = reply.json<{ uid: string }>();
  const records = [agentEval(profile, uid, { context, trace_id: traceId })];
  await fixture.app.inject({ method: "POST", url: "/scouter/message", payload: { records } });
  const done = Promise.withResolvers<void>();
  const workers = new EvaluationWorkers({
    database: real.database,
    lake: { spansOf: async () => group.spans.map(rowOf) },
    completion: { wait: async () => ({ traceId }) as never },
    judging: { models: { get: () => undefined } },
    vocabulary: builtInVocabulary,
    ...(useThreads ? { threads } : {}),
    clock: systemClock,
    config: {
      workers: 1,
      maxRetries: 0,
      leaseMs: 60_000,
      compiledProfiles: 10,
      traceWait: { timeoutMs: 1_000, rescheduleMs: 1_000 },
    },
    processName: uid,
    events: {
      onEvaluated: () => done.resolve(),
      onJudged: () => undefined,
      onFailed: (_uid, error) => done.reject(error),
      onTrouble: (error) => done.reject(error),
    },
  });
  await workers.start();
  await done.promise;
  await workers.drain();
  return { profile, rows: comparable(await real.database.evalRecords.tasksOf(uid)) };
}

describe("every golden case", () => {
  it.each(groups().map((group, index) => [group.name, group, index] as const))(
    "is judged online as offline: %s",
    async (_name, group, index) => {
      const uid = `golden-${index}`;
      const { profile, rows } = await online(group, uid, false);
      expect(rows.length).toBe(group.tasks.assertion.length + group.tasks.trace.length);
      expect(rows).toEqual(await offline(group, uid, profile));
    },
  );

  it("is judged in a thread as it is here", async () => {
    const [group] = groups();
    // So many tasks that they go to a thread.
    const { assertion } = group!.tasks;
    const many = Array.from({ length: Math.ceil(MANY_TASKS / assertion.length) }, (_, round) =>
      assertion.map((task) => ({ ...task, id: `${JSON.stringify(task["id"])}_${round}` })),
    ).flat();
    const heavy = { ...group!, tasks: { assertion: many, trace: [] } };
    const { profile, rows } = await online(heavy, "golden-heavy", true);
    expect(rows).toEqual(await offline(heavy, "golden-heavy", profile));
  });
});
