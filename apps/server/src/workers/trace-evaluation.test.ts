import type { TraceActivity } from "@scouter/database";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { afterEach, beforeEach, expect, describe, it } from "vitest";
import { FakeDatabase } from "../../test/fake/fake-database.ts";
import { FakeLake } from "../../test/fake/fake-lake.ts";
import { FakeTraceActivity } from "../../test/fake/fake-trace-activity.ts";
import { sampleProfile } from "../../test/fake/samples.ts";
import { TraceEvaluation } from "./trace-evaluation.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const POLL_MS = 30_000;

let clock: ManualClock;
let database: FakeDatabase;
let activity: FakeTraceActivity;
let settle: (traceIds: readonly string[]) => void;
let evaluation: TraceEvaluation;
const troubles: unknown[] = [];

beforeEach(() => {
  clock = new ManualClock();
  database = new FakeDatabase();
  activity = new FakeTraceActivity(clock);
  evaluation = new TraceEvaluation({
    database: {
      evalRecords: database.evalRecords,
      profiles: database.profiles,
      traceActivity: activity,
    },
    lake: new FakeLake(),
    completion: {
      onSettled: (handler) => {
        settle = handler;
        return () => undefined;
      },
    },
    clock,
    config: { workers: 1, pollMs: POLL_MS, pageSize: 2 },
    onDispatched: () => undefined,
    onTrouble: (error) => troubles.push(error),
  });
});
afterEach(async () => {
  await evaluation.stop();
  expect(troubles).toEqual([]);
});

async function register(kind: "trace" | "assertion", sampleRatio = 1, active = true) {
  const task = { id: "t", operator: "Equals", expected_value: 1 };
  const tasks = {
    assertion: kind === "assertion" ? [task] : [],
    judge: [],
    trace: kind === "trace" ? [{ ...task, assertion: { TraceSpanCount: {} } }] : [],
    agent: [],
  };
  const profile = sampleProfile({ tasks: tasks as never });
  const config = { ...(profile["config"] as object), sample_ratio: sampleRatio };
  const { uid } = await database.profiles.register({
    space: "support",
    name: `${kind}-${sampleRatio}-${active}`,
    driftType: "Agent",
    profile: { ...profile, config },
    versionRequest: { version_type: "Minor" },
    active,
    deactivateOthers: false,
  });
  return uid;
}

async function settled(fields: Partial<TraceActivity> = {}): Promise<void> {
  const traceId = fields.traceId ?? TRACE;
  await activity.record(
    [
      {
        traceId,
        spans: 1,
        rootEnded: true,
        agoMs: 0,
        entityIds: fields.entityIds ?? [],
        queueIds: [],
        queuedEntityIds: fields.queuedEntityIds ?? [],
      },
    ],
    { isReadable: true },
  );
  await activity.settle({ quietMs: 0, limitMs: 1_000, limit: 10 });
}

const storedUids = () => [...database.stored.values()].map(({ record }) => record.uid);

describe("TraceEvaluation", () => {
  it("makes a record of a settled trace for every active profile that looks at traces", async () => {
    const uids = [
      await register("trace"),
      await register("assertion"),
      await register("trace", 0),
      await register("trace", 1, false),
    ];
    const queued = await register("trace", 1);
    await settled({ entityIds: [...uids, queued, "unknown"], queuedEntityIds: [queued] });
    evaluation.start();
    await database.until(() => database.stored.size > 0);
    await clock.untilSleeping(1);
    expect(storedUids()).toEqual([`trace-dispatch:${uids[0]}:${TRACE}`]);
    expect([...database.stored.values()][0]).toMatchObject({
      source: "TraceDispatch",
      record: { trace_id: TRACE, context: {}, session_id: `trace-dispatch:${uids[0]}:${TRACE}` },
    });
  });

  it("goes on when it is told, and within the poll interval when it is not", async () => {
    const uid = await register("trace");
    evaluation.start();
    await clock.untilSleeping(1);
    await settled({ entityIds: [uid] });
    settle([TRACE]);
    await database.until(() => database.stored.size === 1);
    await clock.untilSleeping(1);
    for (const n of [1, 2, 3, 4, 5]) {
      await settled({ entityIds: [uid], traceId: String(n).repeat(32) });
    }
    await clock.advance(POLL_MS);
    await database.until(() => database.stored.size === 6);
  });

  it("makes records due again when spans come late, once a revision", async () => {
    const uid = await register("trace");
    evaluation.start();
    await settled({ entityIds: [uid] });
    settle([TRACE]);
    await database.until(() => database.stored.size === 1);
    await clock.untilSleeping(1);
    expect(database.tracesAgain).toEqual([]);
    await settled({ entityIds: [uid] });
    settle([TRACE]);
    await clock.untilSleeping(1);
    await clock.advance(POLL_MS);
    expect(database.tracesAgain).toEqual([TRACE]);
    expect(database.stored.size).toBe(1);
  });

  it("does so too for a trace that names no entity", async () => {
    evaluation.start();
    await settled();
    await settled();
    settle([TRACE]);
    await clock.untilSleeping(1);
    await clock.advance(POLL_MS);
    expect(database.tracesAgain).toEqual([TRACE]);
  });

  it("makes up for late spans whose notice was lost, with the process that heard it", async () => {
    await settled();
    await settled();
    evaluation.start();
    await clock.untilSleeping(1);
    expect(database.tracesAgain).toEqual([TRACE]);
    await clock.advance(POLL_MS);
    await clock.untilSleeping(1);
    expect(database.tracesAgain).toEqual([TRACE]);
  });
});
