import type { EvalRecordToStore, RegisteredProfile, TraceSighting } from "@scouter/database";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeTraceActivity } from "../../test/fake/fake-trace-activity.ts";
import { TraceDispatch } from "./trace-dispatch.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const AGENT = "018f0000-0000-7000-8000-00000000000a";
const OTHER = "018f0000-0000-7000-8000-00000000000b";
const PLAIN = "018f0000-0000-7000-8000-00000000000c";
const AT_ONCE = { quietMs: 0, limitMs: 1e9, limit: 100 };

const traceTask = {
  id: "one_root",
  assertion: { SpanCount: { filter: { ByName: { name: "root" } } } },
  operator: "Equals",
  expected_value: 1,
  task_type: "TraceAssertion",
};

function profile(uid: string, trace: readonly object[]): RegisteredProfile {
  const profile = {
    config: { space: "support", name: "agent", version: "1.0.0", uid },
    tasks: { assertion: [], judge: [], agent: [], trace },
  };
  return { uid, profile } as unknown as RegisteredProfile;
}

let clock: ManualClock;
let traces: FakeTraceActivity;
let active: RegisteredProfile[];
let stored: Map<string, EvalRecordToStore>;
let again: string[];
let told: ((ids: readonly string[]) => void)[];
let troubles: unknown[];

beforeEach(() => {
  clock = new ManualClock();
  traces = new FakeTraceActivity(clock);
  active = [profile(AGENT, [traceTask]), profile(PLAIN, [])];
  stored = new Map();
  again = [];
  told = [];
  troubles = [];
});

function dispatch(over: { readonly isOn?: boolean } = {}): TraceDispatch {
  return new TraceDispatch({
    database: {
      traceActivity: traces,
      profiles: { activeAgentProfiles: async () => active },
      evalRecords: {
        store: async (batch: readonly EvalRecordToStore[]) =>
          batch.map((item) => {
            const isNew = !stored.has(item.record.uid);
            if (isNew) stored.set(item.record.uid, item);
            return isNew ? "stored" : "duplicate";
          }),
        again: async ({ recordUid }: { readonly recordUid?: string | undefined }) =>
          again.push(recordUid ?? ""),
      },
    } as unknown as ConstructorParameters<typeof TraceDispatch>[0]["database"],
    completion: {
      onSettled: (handler) => {
        told.push(handler);
        return () => (told = told.filter((each) => each !== handler));
      },
    },
    clock,
    config: { isOn: true, pollMs: 1_000, pageSize: 10, profileTtlMs: 60_000, ...over },
    onTrouble: (error) => troubles.push(error),
  });
}

async function settled(entityIds: readonly string[], over: Partial<TraceSighting> = {}) {
  const sighting = {
    traceId: TRACE,
    spans: 1,
    rootEnded: true,
    agoMs: 0,
    entityIds,
    queueIds: [],
    queuedEntityIds: [],
    ...over,
  };
  await traces.record([sighting], { isReadable: true });
  await traces.settle(AT_ONCE);
}

const pending = async () => (await traces.undispatched(100)).length;

describe("TraceDispatch", () => {
  it("stores one record for a settled trace, however often and by how many it is seen", async () => {
    await settled([AGENT]);
    await Promise.all([dispatch().dispatchDue(), dispatch().dispatchDue()]);
    await dispatch().dispatchDue();
    expect([...stored.values()]).toMatchObject([
      {
        source: "TraceDispatch",
        record: {
          entity_uid: AGENT,
          trace_id: TRACE,
          record_id: `trace-dispatch:${AGENT}:${TRACE}`,
          context: {},
        },
      },
    ]);
    expect([...stored.keys()][0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-/);
    expect([await pending(), again]).toEqual([0, []]);
  });

  it("leaves out what was queued within the trace", async () => {
    await settled([AGENT, OTHER], { queuedEntityIds: [AGENT], queueIds: ["r"] });
    active.push(profile(OTHER, [traceTask]));
    await dispatch().dispatchDue();
    expect([...stored.values()].map(({ record }) => record.entity_uid)).toEqual([OTHER]);
    expect(await pending()).toBe(0);
  });

  it("is done with a trace of which everything was queued", async () => {
    await settled([AGENT], { queuedEntityIds: [AGENT] });
    await dispatch().dispatchDue();
    expect([stored.size, await pending()]).toEqual([0, 0]);
  });

  it.each([
    ["an unknown entity", OTHER],
    ["a profile without trace assertions", PLAIN],
  ])("keeps %s for a profile that comes later", async (_, uid) => {
    await settled([uid]);
    const worker = dispatch();
    await worker.dispatchDue();
    expect([stored.size, await pending()]).toEqual([0, 1]);
    active = [profile(uid, [traceTask])];
    await worker.dispatchDue();
    expect(stored.size).toBe(0);
    await clock.advance(60_000);
    await worker.dispatchDue();
    expect([stored.size, await pending()]).toEqual([1, 0]);
  });

  it("has the record evaluated again for a later revision", async () => {
    await settled([AGENT]);
    const worker = dispatch();
    await worker.dispatchDue();
    await settled([]);
    await worker.dispatchDue();
    expect([again, stored.size, await pending()]).toEqual([[...stored.keys()], 1, 0]);
  });

  it("works when it is told, and once a second when nobody tells", async () => {
    const worker = dispatch();
    worker.start();
    await clock.advance(0);
    await settled([AGENT]);
    for (const hear of told) hear([TRACE]);
    await clock.advance(0);
    expect(stored.size).toBe(1);
    await settled([]);
    await clock.advance(1_000);
    expect(again).toHaveLength(1);
    await worker.stop();
    expect([told, troubles]).toEqual([[], []]);
  });

  it("does nothing when it is off", async () => {
    await settled([AGENT]);
    const worker = dispatch({ isOn: false });
    worker.start();
    await clock.advance(5_000);
    await worker.stop();
    expect([stored.size, told]).toEqual([0, []]);
  });
});
