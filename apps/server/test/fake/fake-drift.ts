import type { DriftWindow } from "@scouter/contracts";
import type { Database } from "@scouter/database";

/** What `FakeDatabase` calls the first profile that is registered. */
const FIRST_PROFILE = "00000000-0000-7000-8000-000000000000";
/** The same in lists and details. */
export const FIRST_REFERENCE = {
  uid: FIRST_PROFILE,
  space: "support",
  name: "answers",
  version: "0.1.0",
  kind: "Agent" as const,
};
const UNUSED = () => Promise.reject(new Error("not part of this fake"));

/** Alerts and windows as routes see them: the first profile with a window and an alert. */
export function fakeDrift(): Pick<
  Database,
  "driftWindows" | "alerts" | "alertOutbox" | "builtInAlerts" | "leases"
> & { readonly setAside: number[] } {
  const windowOf = (profileUid: string, status: DriftWindow["status"]): DriftWindow => ({
    id: 7,
    profile_uid: profileUid,
    window_start: "2026-01-01T00:00:00.000000Z",
    window_end: "2026-01-01T01:00:00.000000Z",
    status,
    attempts: 0,
    last_error: null,
    revised: 0,
    skipped_windows: 0,
    result,
    observed: 420,
    late: 0,
    started_at: null,
    ended_at: null,
  });
  const setAside: number[] = [];
  const result = {
    kind: "Psi" as const,
    features: [
      { name: "delay", status: "alert" as const, psi: 0.4 },
      { name: "carrier", status: "ok" as const, psi: 0.01 },
      { name: "airport", status: "no-data" as const },
    ],
  };
  return {
    setAside,
    driftWindows: {
      nowMs: async () => 0,
      toPlan: async () => [],
      nextPlanAtMs: async () => undefined,
      plan: UNUSED,
      claim: async () => [],
      heartbeat: UNUSED,
      complete: UNUSED,
      completeAll: UNUSED,
      fail: UNUSED,
      releaseAll: async () => 0,
      /** Of the first profile: 7 failed, 9 is running. */
      rerun: async (id) => id === 7,
      reopen: async () => 0,
      settle: async () => [],
      get: async (id) =>
        id === 7 || id === 9
          ? { ...windowOf(FIRST_PROFILE, id === 7 ? "due" : "running"), id }
          : undefined,
      list: async ({ profileUid, limit, cursor, status }) => ({
        items: [{ ...windowOf(profileUid, status ?? "done"), attempts: limit }],
        nextCursor: cursor ?? null,
      }),
      counts: async () => ({ due: 0, running: 0, done: 1, failed: 0, skipped: 0 }),
      latest: async () => [
        { profileUid: FIRST_PROFILE, windowEnd: "2026-01-01T01:00:00.000000Z", result },
      ],
      scheduleErrors: async () => [],
    },
    alerts: {
      page: async ({ uid, active }) => ({
        items: [
          {
            created_at: "2026-01-01T01:00:10.000000Z",
            entity_name: uid,
            alert: { Psi: { feature: "delay", drift: 0.4, threshold: 0.1 } },
            id: 3,
            active: active ?? true,
          },
        ],
        has_next: false,
        next_cursor: null,
        has_previous: false,
        previous_cursor: null,
      }),
      setActive: async (id, active) => {
        if (id !== 3) return false;
        if (!active) setAside.push(id);
        return true;
      },
      /** The alert is of the first profile that was registered. */
      profileOf: async (id) => (id === 3 ? "00000000-0000-7000-8000-000000000000" : undefined),
      spaceOf: async (id) => (id === 3 ? "support" : undefined),
      statesOf: async () => new Map(),
      states: async () => [],
      counts: async () => ({ active: 1, total: 2 }),
      list: async () => ({ items: [], nextCursor: null }),
      entry: async (id) =>
        id === 3
          ? {
              id,
              profile: FIRST_REFERENCE,
              feature: "delay",
              alert: { Psi: { feature: "delay", drift: 0.4, threshold: 0.1 } },
              status: "active",
              openedAt: "2026-01-01T01:00:10.000000Z",
              acknowledgedAt: null,
              resolvedAt: null,
              windows: 1,
              firstWindowEnd: "2026-01-01T01:00:00.000000Z",
              lastWindowEnd: "2026-01-01T01:00:00.000000Z",
              firstWindowId: 7,
              lastWindowId: 7,
              lastResult: null,
              dispatch: null,
            }
          : undefined,
      messages: async () => [],
    },
    builtInAlerts: {
      failedWindows: async () => [],
      missedWindows: async () => [],
      undeliveredAlerts: async () => [],
      deadRecords: async () => [],
      unreadableSchedules: async () => [],
      silentProfiles: async () => [],
      open: async () => [],
      settle: async () => 0,
    },
    alertOutbox: {
      claim: async () => [],
      delivered: UNUSED,
      failed: UNUSED,
      releaseAll: async () => 0,
      list: async () => [],
      counts: async () => ({ pending: 0, sending: 0, delivered: 0, failed: 0 }),
    },
    leases: {
      acquire: async () => false,
      acquireEpoch: async () => undefined,
      release: async () => undefined,
    },
  };
}
