import type { ClaimedEvalRecord, RegisteredProfile } from "@scouter/database";
import { builtInVocabulary, judgeModels, type JudgingSummary } from "@scouter/evaluate";
import { ScriptedChatModel } from "@scouter/testkit/chat-model/scripted-chat-model";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import type { ModelReply } from "@scouter/testkit/model-server/model-reply";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeDatabase } from "../../test/fake/fake-database.ts";
import { FakeLake } from "../../test/fake/fake-lake.ts";
import { sampleProfile } from "../../test/fake/samples.ts";
import { spanRow } from "../../test/fake/span-rows.ts";
import { EvaluationWorkers } from "./evaluation-worker.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const traceWait = { timeoutMs: 1_000, backoffMs: 100, rescheduleMs: 30_000, quietMs: 0 };
const span = {
  traceId: TRACE,
  spanId: "00000000000000aa",
  name: "answer",
  serviceName: "agent",
  startTimeMs: 0,
  endTimeMs: 10,
  status: "Ok" as const,
  attributes: {},
};

let database: FakeDatabase;
let lake: FakeLake;
let clock: ManualClock;
let model: ScriptedChatModel;
let reply: ModelReply;
let judged: JudgingSummary[];
let workers: EvaluationWorkers;

beforeEach(() => {
  database = new FakeDatabase();
  lake = new FakeLake();
  clock = new ManualClock();
  reply = { kind: "answer", text: "yes" };
  model = new ScriptedChatModel({ respond: () => reply });
  judged = [];
  const provider = { create: () => model, callTimeoutMs: 60_000 };
  workers = new EvaluationWorkers({
    database,
    lake,
    judging: { models: judgeModels(clock, new Map([["toy", provider]])) },
    vocabulary: builtInVocabulary,
    clock,
    config: { workers: 1, maxRetries: 1, leaseMs: 30_000, compiledProfiles: 10, traceWait },
    processName: "test",
    events: {
      onEvaluated: () => undefined,
      onJudged: (summary) => judged.push(summary),
      onFailed: () => undefined,
      onTrouble: (error) => expect.unreachable(String(error)),
    },
  });
});
afterEach(async () => {
  workers.abort();
  await workers.drain();
});

function register(kind: "judge" | "trace" | "assertion"): Promise<RegisteredProfile> {
  const common = { id: "check", operator: "Equals", expected_value: "yes" } as const;
  const prompt = { provider: "toy", model: "m", messages: "Is ${answer} right?" };
  const tasks = {
    assertion: [{ ...common, context_path: "answer" }],
    judge: [{ ...common, prompt, max_retries: 0 }],
    trace: [{ ...common, assertion: { TraceSpanCount: {} }, expected_value: 1 }],
  };
  const none = { assertion: [], judge: [], trace: [], agent: [] };
  return database.profiles.register({
    space: "support",
    name: kind,
    driftType: "Agent",
    profile: sampleProfile({ tasks: { ...none, [kind]: tasks[kind] } as never }),
    versionRequest: { version_type: "Minor" },
    active: true,
    deactivateOthers: false,
  });
}

function claimed(id: number, { uid }: RegisteredProfile, attempt = 1): ClaimedEvalRecord {
  return {
    claim: { recordId: id, fencing: 1 },
    record: { uid: `r${id}`, context: { answer: "yes" }, entity_id: 5, trace_id: TRACE },
    profile: { uid, space: "support", name: "answers", version: "0.1.0" },
    attempt,
  } as unknown as ClaimedEvalRecord;
}

describe("records that wait", () => {
  it("for a judge that never answers hold up no other profile, however many they are", async () => {
    const [judge, assertion] = [await register("judge"), await register("assertion")];
    reply = { kind: "silence" };
    for (let id = 1; id <= 120; id += 1) database.claimable.push(claimed(id, judge));
    database.claimable.push(claimed(121, assertion));
    await workers.start();
    await database.until(() => database.completed.length === 1);
    expect(database.completed[0]?.claim.recordId).toBe(121);
    // As many as wait at most; the others stay where they are.
    expect(database.claimable).toHaveLength(120 - 50);
    await clock.advance(60_000);
    await database.until(() => database.claimable.length < 70);
  });

  it("for a judge hold up neither the batch nor the worker", async () => {
    const [judge, assertion] = [await register("judge"), await register("assertion")];
    reply = { kind: "silence" };
    database.claimable.push(claimed(1, judge), claimed(2, assertion));
    await workers.start();
    await model.untilRequests(1);
    await database.until(() => database.completed.length === 1);
    database.claimable.push(claimed(3, assertion));
    database.notify();
    await database.until(() => database.completed.length === 2);
    expect(database.completed.map(({ claim }) => claim.recordId)).toEqual([2, 3]);
    await clock.advance(60_000);
    await database.until(() => database.completed.length === 3);
    expect(database.completed[2]?.tasks[0]).toMatchObject({
      outcome: "errored",
      error_code: "EVALUATE_JUDGE_TIMEOUT",
    });
    expect(judged).toMatchObject([{ calls: 1 }]);
    expect(database.heartbeats.length).toBeGreaterThan(0);
  });

  it("are claimed only as many as there is room for, and the rest when there is room again", async () => {
    const judge = await register("judge");
    reply = { kind: "silence" };
    database.claimable.push(...Array.from({ length: 60 }, (_, id) => claimed(id, judge)));
    await workers.start();
    await model.untilRequests(8);
    await clock.advance(0);
    expect(database.claimable).toHaveLength(10);
    reply = { kind: "answer", text: "yes" };
    await clock.advance(60_000);
    await database.until(() => database.completed.length === 60);
    expect(database.claimable).toEqual([]);
  });

  it("are released when the worker is cut short", async () => {
    const judge = await register("judge");
    reply = { kind: "silence" };
    database.claimable.push(claimed(1, judge));
    await workers.start();
    await model.untilRequests(1);
    workers.abort();
    await workers.drain();
    expect([database.completed, database.failures]).toEqual([[], []]);
    expect(database.released).toEqual(["test/evaluation-1"]);
  });

  it("for a trace are evaluated when it comes", async () => {
    const trace = await register("trace");
    database.claimable.push(claimed(1, trace));
    await workers.start();
    await clock.untilSleeping(1);
    await clock.advance(100);
    lake.spans.set(TRACE, [spanRow(span)]);
    await clock.advance(900);
    await database.until(() => database.completed.length === 1);
    expect(database.completed[0]?.tasks[0]).toMatchObject({ outcome: "passed", actual: 1 });
  });

  it("for a trace that does not come are tried again later, then fail with the reason", async () => {
    const trace = await register("trace");
    database.claimable.push(claimed(1, trace), claimed(2, trace, 2));
    await workers.start();
    await clock.untilSleeping(1);
    await clock.advance(1_000);
    await database.until(() => database.failures.length === 2);
    const error = `no span of trace ${TRACE} arrived within 1000 ms`;
    expect(database.failures.map(({ claim, failure }) => [claim.recordId, failure])).toEqual([
      [1, { error, retryInMs: 30_000 }],
      [2, { error }],
    ]);
  });

  it("take what there is of a trace with the last attempt", async () => {
    const trace = await register("trace");
    lake.spans.set(TRACE, [spanRow({ ...span, parentSpanId: "00000000000000ff" })]);
    database.claimable.push(claimed(1, trace), claimed(2, trace, 2));
    await workers.start();
    await clock.untilSleeping(1);
    await clock.advance(1_000);
    await database.until(() => database.failures.length + database.completed.length === 2);
    expect(database.failures[0]?.failure.error).toContain("not every span of trace");
    expect(database.completed[0]?.claim.recordId).toBe(2);
  });
});
