import type { Clock } from "@scouter/contracts";
import type { TraceActivity, TraceActivityRepository, TraceSighting } from "@scouter/database";

interface Row {
  activity: TraceActivity;
  openedAtMs: number;
  lastSeenAtMs: number;
  dispatched: number;
}

/** Waited-for traces in memory, by the clock given: the contract of the real one, for one process. */
export class FakeTraceActivity implements TraceActivityRepository {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly rows = new Map<string, Row>();

  constructor(clock: Pick<Clock, "monotonicMs"> = { monotonicMs: () => performance.now() }) {
    this.#clock = clock;
  }

  async watch(traceIds: readonly string[]): Promise<readonly string[]> {
    const added = [...new Set(traceIds)].filter((traceId) => !this.rows.has(traceId));
    for (const traceId of added) this.#add(traceId);
    return added;
  }

  async watched(limit: number): Promise<readonly string[]> {
    return [...this.rows.keys()].toReversed().slice(0, limit);
  }

  async record(
    seen: readonly TraceSighting[],
    { isReadable }: { readonly isReadable: boolean },
  ): Promise<void> {
    for (const sighting of seen) {
      const row = this.rows.get(sighting.traceId) ?? this.#add(sighting.traceId);
      const seenAtMs = this.#clock.monotonicMs() - sighting.agoMs;
      const { activity } = row;
      if (activity.state !== "open") row.openedAtMs = seenAtMs;
      row.lastSeenAtMs = Math.max(row.lastSeenAtMs, seenAtMs);
      row.activity = {
        ...activity,
        state: "open",
        spanCount: activity.spanCount + (isReadable ? sighting.spans : 0),
        rootEnded: activity.rootEnded || sighting.rootEnded,
        entityIds: joined(activity.entityIds, sighting.entityIds),
        queueIds: joined(activity.queueIds, sighting.queueIds),
        queuedEntityIds: joined(activity.queuedEntityIds, sighting.queuedEntityIds),
      };
    }
  }

  async settle({ quietMs, limitMs, limit }: Parameters<TraceActivityRepository["settle"]>[0]) {
    const nowMs = this.#clock.monotonicMs();
    const settled: TraceActivity[] = [];
    for (const row of this.rows.values()) {
      if (row.activity.state !== "open" || settled.length === limit) continue;
      const isQuiet = row.activity.rootEnded && row.lastSeenAtMs <= nowMs - quietMs;
      if (!isQuiet && row.openedAtMs > nowMs - limitMs) continue;
      row.activity = {
        ...row.activity,
        state: isQuiet ? "complete" : "cut",
        revision: row.activity.revision + 1,
      };
      settled.push(row.activity);
    }
    return settled;
  }

  async nextDueMs({ quietMs, limitMs }: Parameters<TraceActivityRepository["nextDueMs"]>[0]) {
    const due = [...this.rows.values()]
      .filter(({ activity }) => activity.state === "open")
      .map(({ activity, lastSeenAtMs, openedAtMs }) =>
        Math.min(activity.rootEnded ? lastSeenAtMs + quietMs : Infinity, openedAtMs + limitMs),
      );
    return due.length === 0 ? undefined : Math.max(0, Math.min(...due) - this.#clock.monotonicMs());
  }

  async find(traceIds: readonly string[]): Promise<readonly TraceActivity[]> {
    return traceIds.flatMap((traceId) => this.rows.get(traceId)?.activity ?? []);
  }

  async findByQueues(queueIds: readonly string[]): Promise<readonly TraceActivity[]> {
    const rows = [...this.rows.values()].toSorted((a, b) => a.openedAtMs - b.openedAtMs);
    return rows
      .map(({ activity }) => activity)
      .filter((activity) => activity.queueIds.some((id) => queueIds.includes(id)));
  }

  async undispatched(limit: number): Promise<readonly TraceActivity[]> {
    return [...this.rows.values()]
      .filter(
        ({ activity, dispatched }) =>
          activity.revision > dispatched &&
          (activity.entityIds.length > 0 || activity.revision > 1) &&
          activity.state !== "open",
      )
      .map(({ activity }) => activity)
      .slice(0, limit);
  }

  async dispatched(done: Parameters<TraceActivityRepository["dispatched"]>[0]): Promise<void> {
    for (const { traceId, revision } of done) {
      const row = this.rows.get(traceId);
      if (row !== undefined) row.dispatched = Math.max(row.dispatched, revision);
    }
  }

  async forget(): Promise<number> {
    return 0;
  }

  #add(traceId: string): Row {
    const activity: TraceActivity = {
      traceId,
      state: "awaited",
      revision: 0,
      spanCount: 0,
      rootEnded: false,
      entityIds: [],
      queueIds: [],
      queuedEntityIds: [],
      quietMs: 0,
    };
    const row = { activity, openedAtMs: 0, lastSeenAtMs: -Infinity, dispatched: 0 };
    this.rows.set(traceId, row);
    return row;
  }
}

function joined(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])].toSorted();
}
