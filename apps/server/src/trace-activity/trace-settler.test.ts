import type { TraceSighting } from "@scouter/database";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeTraceActivity } from "../../test/fake/fake-trace-activity.ts";
import type { SettledTrace, TraceKey, TraceWaitOptions } from "./trace-completion.ts";
import { TraceSettler } from "./trace-settler.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const QUIET_MS = 2_000;
const LIMIT_MS = 300_000;

/** Two processes on one database whose notices are lost, unless a test hands them on. */
class Processes {
  readonly clock = new ManualClock();
  readonly traceActivity = new FakeTraceActivity(this.clock);
  readonly hurried: string[] = [];
  readonly troubles: unknown[] = [];
  stored: TraceSighting[] = [];
  readonly channels = new Map<string, ((payload: string) => void)[]>();
  readonly settlers: TraceSettler[] = [];

  async start(): Promise<TraceSettler> {
    const settler = new TraceSettler({
      database: {
        traceActivity: this.traceActivity,
        listen: async (channel, handler) => {
          this.channels.set(channel, [...(this.channels.get(channel) ?? []), handler]);
          return async () => undefined;
        },
      },
      clock: this.clock,
      config: { quietMs: QUIET_MS, limitMs: LIMIT_MS },
      lookup: async (ids) => this.stored.filter((seen) => ids.includes(seen.traceId)),
      hurry: (ids) => this.hurried.push(...ids),
      onTrouble: (error) => this.troubles.push(error),
    });
    await settler.start();
    this.settlers.push(settler);
    return settler;
  }
}

function sighting(over: Partial<TraceSighting> = {}): TraceSighting {
  return {
    traceId,
    spans: 1,
    rootEnded: true,
    agoMs: 0,
    entityIds: [],
    queueIds: [],
    queuedEntityIds: [],
    ...over,
  };
}

let processes: Processes;
let one: TraceSettler;
let other: TraceSettler;
const ending = new AbortController();

beforeEach(async () => {
  processes = new Processes();
  one = await processes.start();
  other = await processes.start();
});

afterEach(async () => {
  for (const settler of processes.settlers) await settler.stop();
  expect(processes.troubles).toEqual([]);
});

/** What the wait ended with, and when, as far as the clock has come. */
function waiting(
  settler: TraceSettler,
  key: TraceKey = { traceId },
  options: Partial<TraceWaitOptions> = {},
) {
  const seen: { ended?: SettledTrace; atMs?: number } = {};
  const done = settler
    .wait(key, { absentMs: 10_000, signal: ending.signal, ...options })
    .then((ended) => Object.assign(seen, { ended, atMs: processes.clock.monotonicMs() }));
  return { seen, done };
}

describe("TraceSettler", () => {
  it("settles when the root has ended and it was quiet, to the millisecond in the process that saw the spans", async () => {
    const { seen } = waiting(one);
    await processes.clock.advance(500);
    await one.seen([sighting({ rootEnded: false })], true);
    await processes.clock.advance(1_500);
    await one.seen([sighting()], true);
    await processes.clock.advance(QUIET_MS - 1);
    expect(seen.ended).toBeUndefined();
    await processes.clock.advance(1);
    expect(seen).toMatchObject({
      ended: { traceId, state: "complete", revision: 1 },
      atMs: 2_000 + QUIET_MS,
    });
  });

  it("tells a waiter of another process within a second when every notice is lost", async () => {
    const { done } = waiting(other);
    await one.seen([sighting()], true);
    await processes.clock.advance(QUIET_MS + 1_000);
    expect((await done).atMs).toBeLessThanOrEqual(QUIET_MS + 1_000);
  });

  it("tells a waiter of another process at once when the notice comes", async () => {
    const heard: (readonly string[])[] = [];
    other.onSettled((ids) => heard.push(ids));
    const { seen } = waiting(other);
    await processes.clock.advance(0);
    for (const hear of processes.channels.get("scouter_traces_settled") ?? []) hear(traceId);
    await processes.clock.advance(0);
    expect(heard).toEqual([[traceId]]);
    expect(seen.ended).toBeUndefined();
  });

  it("waits on past the time for an absent one while spans come, up to the hard limit", async () => {
    const { seen } = waiting(one, { traceId }, { absentMs: 1_000 });
    await one.seen([sighting({ rootEnded: false })], true);
    await processes.clock.advance(LIMIT_MS - 1);
    expect(seen.ended).toBeUndefined();
    await processes.clock.advance(1);
    expect(seen.ended).toEqual({ traceId, state: "cut", revision: 1 });
  });

  it("gives up a trace of which nothing was seen", async () => {
    const { seen } = waiting(one, { traceId }, { absentMs: 1_500 });
    const byQueue = waiting(one, { queueId: "r" }, { absentMs: 1_500 });
    await processes.clock.advance(1_499);
    expect(seen.ended).toBeUndefined();
    await processes.clock.advance(1);
    expect(seen.ended).toEqual({ traceId, state: "absent", revision: 0 });
    expect(byQueue.seen.ended).toEqual({ traceId: null, state: "absent", revision: 0 });
  });

  it("finds a trace by the record that it queued", async () => {
    const { seen } = waiting(one, { queueId: "r1" });
    await one.seen([sighting({ queueIds: ["r1"] })], true);
    await processes.clock.advance(QUIET_MS + 1_000);
    expect(seen.ended).toEqual({ traceId, state: "complete", revision: 1 });
  });

  it("takes in spans that were stored before anybody waited", async () => {
    processes.stored = [sighting()];
    const { seen } = waiting(one);
    await processes.clock.advance(QUIET_MS);
    expect(seen.ended).toMatchObject({ state: "complete" });
    expect(processes.hurried).toContain(traceId);
  });

  it("settles again for late spans; a waiter can ask for later than it has seen", async () => {
    await one.seen([sighting()], true);
    await processes.clock.advance(QUIET_MS);
    const again = waiting(one, { traceId }, { afterRevision: 1 });
    const any = waiting(one);
    await processes.clock.advance(0);
    expect(any.seen.ended).toMatchObject({ revision: 1 });
    await one.seen([sighting({ rootEnded: false })], true);
    await processes.clock.advance(QUIET_MS);
    expect(again.seen.ended).toEqual({ traceId, state: "complete", revision: 2 });
  });

  it("ends a wait with its signal's reason", async () => {
    const cutting = new AbortController();
    const done = one.wait({ traceId }, { absentMs: 10_000, signal: cutting.signal });
    cutting.abort(new Error("enough"));
    await expect(done).rejects.toThrow("enough");
  });

  it("tells every process which traces are waited for, by notice and by looking", async () => {
    await one.watch([traceId]);
    const before = processes.hurried.filter((id) => id === traceId).length;
    await processes.clock.advance(1_000);
    expect(processes.hurried.filter((id) => id === traceId).length).toBe(before + 2);
    for (const hear of processes.channels.get("scouter_traces_watched") ?? []) hear("a,b");
    expect(processes.hurried).toEqual(expect.arrayContaining(["a", "b"]));
  });
});
