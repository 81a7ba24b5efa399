import type { Database } from "@scouter/database";
import { FIRST_REFERENCE } from "./fake-drift.ts";

const RECORD_TIME = "2026-01-01T00:00:00.000000Z";

/** What the pages of the dashboard read: hardly anything is there, and it belongs to the first profile. */
export function fakeReads(): Pick<Database, "overview" | "evaluations" | "driftBoard"> {
  return {
    overview: {
      activity: async () => [],
      troubles: async () => [],
      delivery: async () => {
        const records = { pending: 0, oldestPendingAt: null, oldestPendingAgeSeconds: null };
        return { outbox: { ...records, delivered: 0, failed: 0 }, records };
      },
      freshness: async () => ({
        latestRecordReceived: null,
        latestEvaluationFinished: null,
        latestWindowComputed: null,
      }),
    },
    evaluations: {
      profiles: async () => ({ items: [], nextCursor: null }),
      counts: async () => [],
      records: async () => ({ items: [], nextCursor: null }),
      details: async (uid) => (uid === "record-1" ? [recordDetails(uid)] : []),
      taskTallies: async () => ({ records: 0, tasks: [] }),
      results: async () => ({ items: [], nextCursor: null }),
      judgeCosts: async () => [],
    },
    driftBoard: {
      profiles: async () => ({ items: [], nextCursor: null }),
      windows: async () => [],
      window: async (id) => (id === 7 ? windowDetails(id) : undefined),
      featureHistory: async () => [],
      spcPoints: async () => ({ points: [], total: 0 }),
    },
  };
}

function recordDetails(uid: string) {
  return {
    record: {
      uid,
      id: 1,
      record_id: "",
      profile_uid: FIRST_REFERENCE.uid,
      session_id: "",
      trace_id: null,
      created_at: RECORD_TIME,
      received_at: RECORD_TIME,
      evaluated_at: null,
      status: "Pending" as const,
      attempts: 0,
      last_error: null,
      pass_rate: null,
      task_counts: { passed: 0, failed: 0, errored: 0, skipped: 0 },
    },
    profile: FIRST_REFERENCE,
    context: {},
    tags: [],
    recordSource: "Queue" as const,
    processingStartedAt: null,
    processingEndedAt: null,
    durationMs: null,
    plan: null,
    tasks: [],
  };
}

function windowDetails(id: number) {
  return {
    reference: FIRST_REFERENCE,
    profile: { config: {}, tasks: { assertion: [], judge: [], trace: [], agent: [] } },
    window: {
      id,
      window_start: RECORD_TIME,
      window_end: "2026-01-01T01:00:00.000000Z",
      status: "due" as const,
      attempts: 0,
      last_error: null,
      revised: 0,
      skipped_windows: 0,
      observed: null,
      late: 0,
      started_at: null,
      ended_at: null,
    },
    alerting: false,
    result: null,
    profileChanged: false,
    alerts: [],
    previousId: null,
    nextId: null,
  };
}
