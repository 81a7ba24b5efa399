import { ScouterError } from "@scouter/contracts";
import { builtInVocabulary } from "@scouter/evaluate";
import type { ClaimedEvalRecord, RegisteredProfile } from "@scouter/database";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeDatabase, UNAVAILABLE } from "../../test/fake/fake-database.ts";
import { FakeLake } from "../../test/fake/fake-lake.ts";
import { sampleProfile } from "../../test/fake/samples.ts";
import { EvaluationWorkers, retryPauseMs } from "./evaluation-worker.ts";

const LEASE_MS = 30_000;
const TRACE_WAIT = { timeoutMs: 1_000, backoffMs: 100, rescheduleMs: 30_000, quietMs: 0 };

let database: FakeDatabase;
let clock: ManualClock;
let troubles: unknown[];
let failed: { uid: string; retryInMs: number | undefined }[];
let profile: RegisteredProfile;

beforeEach(async () => {
  database = new FakeDatabase();
  clock = new ManualClock();
  troubles = [];
  failed = [];
  profile = await database.profiles.register({
    space: "support",
    name: "answers",
    driftType: "Agent",
    profile: sampleProfile(),
    versionRequest: { version_type: "Minor" },
    active: true,
    deactivateOthers: false,
  });
});

function makeWorkers(count = 1): EvaluationWorkers {
  return new EvaluationWorkers({
    database,
    lake: new FakeLake(),
    judging: { models: { get: () => undefined } },
    vocabulary: builtInVocabulary,
    clock,
    config: {
      workers: count,
      maxRetries: 2,
      leaseMs: LEASE_MS,
      compiledProfiles: 10,
      traceWait: TRACE_WAIT,
    },
    processName: "test",
    events: {
      onEvaluated: () => undefined,
      onJudged: () => undefined,
      onFailed: (uid, _error, retryInMs) => failed.push({ uid, retryInMs }),
      onTrouble: (error) => troubles.push(error),
    },
  });
}

function claimed(
  id: number,
  fields: { context?: object; profileUid?: string; attempt?: number } = {},
) {
  const uid = fields.profileUid ?? profile.uid;
  return {
    claim: { recordId: id, fencing: 1 },
    record: {
      uid: `r${id}`,
      context: fields.context ?? { answer: "42" },
      entity_id: 5,
      trace_id: null,
    },
    profile: { uid, space: "support", name: "answers", version: "0.1.0" },
    attempt: fields.attempt ?? 1,
  } as unknown as ClaimedEvalRecord;
}

describe("EvaluationWorkers", () => {
  it("evaluates what is due at the start and stores results with the claim", async () => {
    database.claimable.push(claimed(1), claimed(2, { context: { answer: "" } }));
    const workers = makeWorkers();
    await workers.start();
    await database.until(() => database.completed.length === 2);
    await workers.drain();
    const [first, second] = database.completed;
    expect(first?.claim).toEqual({ recordId: 1, fencing: 1 });
    expect(first?.workflow).toMatchObject({
      record_uid: "r1",
      entity_uid: profile.uid,
      pass_rate: 1,
    });
    expect(first?.tasks.map((task) => [task.task_id, task.outcome])).toEqual([
      ["has_answer", "passed"],
      ["is_short", "passed"],
    ]);
    expect(second?.tasks.map((task) => [task.task_id, task.outcome])).toEqual([
      ["has_answer", "failed"],
      ["is_short", "skipped"],
    ]);
    expect(database.released).toEqual(["test/evaluation-1"]);
  });

  it("is woken by a notice", async () => {
    const workers = makeWorkers();
    await workers.start();
    await clock.untilSleeping(1);
    database.claimable.push(claimed(1));
    database.notify();
    await database.until(() => database.completed.length === 1);
    await workers.drain();
    expect(clock.monotonicMs()).toBe(0);
  });

  it("finds work within a second when every notice is lost", async () => {
    const workers = makeWorkers();
    await workers.start();
    await clock.untilSleeping(1);
    database.claimable.push(claimed(1));
    await clock.advance(999);
    expect(database.claimCalls).toBe(1);
    await clock.advance(1);
    await database.until(() => database.completed.length === 1);
    await workers.drain();
    expect(database.claimCalls).toBeGreaterThan(1);
  });

  it("polls alone when it cannot listen, and goes on after the database was away", async () => {
    database.away = true;
    const workers = makeWorkers();
    await workers.start();
    await clock.untilSleeping(1);
    expect(troubles).toEqual([UNAVAILABLE, UNAVAILABLE]);
    database.away = false;
    database.claimable.push(claimed(1));
    await clock.advance(1000);
    await database.until(() => database.completed.length === 1);
    await workers.drain();
    expect(troubles).toHaveLength(2);
  });

  it("starts the workers one after the other", async () => {
    const workers = makeWorkers(3);
    await workers.start();
    await clock.untilSleeping(3);
    expect(database.claimCalls).toBe(1);
    await clock.advance(200);
    expect(database.claimCalls).toBe(2);
    await clock.advance(200);
    expect(database.claimCalls).toBe(3);
    await workers.drain();
    expect(database.released).toHaveLength(3);
  });

  it("gives a record up at once when its profile is unknown, and evaluates the others", async () => {
    database.claimable.push(claimed(1, { profileUid: "nobody" }), claimed(2));
    const workers = makeWorkers();
    await workers.start();
    await database.until(() => database.completed.length === 1);
    await workers.drain();
    expect(database.failures).toEqual([
      {
        claim: { recordId: 1, fencing: 1 },
        failure: { error: "no Agent profile has the uid 'nobody'" },
      },
    ]);
  });

  it("gives a record up whose workers ended without a word, time after time", async () => {
    database.claimable.push(claimed(1, { attempt: 3 }), claimed(2, { attempt: 4 }));
    const workers = makeWorkers();
    await workers.start();
    await database.until(() => database.completed.length === 1 && database.failures.length === 1);
    await workers.drain();
    expect(database.completed.map(({ claim }) => claim.recordId)).toEqual([1]);
    expect(database.failures[0]?.failure).toEqual({
      error: expect.stringContaining("3 attempts to evaluate the record ended without a result"),
    });
  });

  it("isolates a result that cannot be stored", async () => {
    database.claimable.push(claimed(1), claimed(2), claimed(3));
    database.completionsRefused.add(2);
    const workers = makeWorkers();
    await workers.start();
    await database.until(() => database.completed.length === 2 && database.failures.length === 1);
    await workers.drain();
    expect(database.completed.map(({ claim }) => claim.recordId)).toEqual([1, 3]);
    expect(database.failures.map(({ claim }) => claim.recordId)).toEqual([2]);
  });

  it("uses a replaced profile within a second", async () => {
    const workers = makeWorkers();
    database.claimable.push(claimed(1));
    await workers.start();
    await database.until(() => database.completed.length === 1);
    const tasks = (sampleProfile()["tasks"] as { assertion: object[] }).assertion;
    await database.profiles.replace(
      profile.uid,
      sampleProfile({
        tasks: { assertion: [tasks[0] ?? {}] as never, judge: [], trace: [], agent: [] },
      }),
    );
    await database.until(() => database.claimCalls === 2);
    await clock.advance(999);
    database.claimable.push(claimed(2));
    await clock.advance(1);
    await database.until(() => database.completed.length === 2);
    await workers.drain();
    expect(database.completed.map(({ tasks: rows }) => rows.length)).toEqual([2, 1]);
  });

  it("renews leases while a batch runs and leaves records alone whose lease is lost", async () => {
    const profileRead = Promise.withResolvers<void>();
    const byUid = database.profiles.byUid.bind(database.profiles);
    database.profiles.byUid = async (uid) => {
      await profileRead.promise;
      return byUid(uid);
    };
    database.claimable.push(claimed(1), claimed(2));
    database.lostOnHeartbeat = [{ recordId: 2, fencing: 1 }];
    const workers = makeWorkers();
    await workers.start();
    await clock.untilSleeping(1);
    await clock.advance(LEASE_MS / 3);
    expect(database.heartbeats).toHaveLength(1);
    profileRead.resolve();
    await database.until(() => database.completed.length === 1);
    await workers.drain();
    expect(database.completed.map(({ claim }) => claim.recordId)).toEqual([1]);
  });

  it("releases its leases when it is cut short", async () => {
    const never = new Promise<never>(() => undefined);
    const gate = Promise.withResolvers<void>();
    const byUid = database.profiles.byUid.bind(database.profiles);
    database.profiles.byUid = async (uid) => {
      await gate.promise;
      return byUid(uid);
    };
    database.claimable.push(claimed(1), claimed(2));
    const workers = makeWorkers();
    await workers.start();
    await clock.untilSleeping(1);
    const drained = workers.drain().then(() => "drained");
    expect(await Promise.race([drained, never, Promise.resolve("still busy")])).toBe("still busy");
    workers.abort();
    gate.resolve();
    expect(await drained).toBe("drained");
    expect(database.completed).toEqual([]);
    expect(database.failures).toEqual([]);
    expect(database.released).toEqual(["test/evaluation-1"]);
  });

  it("does nothing when there are no workers", async () => {
    const workers = makeWorkers(0);
    await workers.start();
    await workers.drain();
    expect(database.claimCalls).toBe(0);
  });
});

describe("retryPauseMs", () => {
  const invalid = new ScouterError({ code: "X", kind: "invalid", message: "x" });
  it.each([
    ["first failure", new Error("x"), 1, 500],
    ["second failure", new Error("x"), 2, 1000],
    ["a dependency away", UNAVAILABLE, 3, 2000],
    ["no retry left", new Error("x"), 4, undefined],
    ["hopeless input", invalid, 1, undefined],
  ])("%s", (_name, error, attempt, pause) => {
    expect(retryPauseMs(error, attempt, 3)).toBe(pause);
  });

  it("stays below a minute", () => {
    expect(retryPauseMs(new Error("x"), 90, 100)).toBe(60_000);
  });
});
