import type {
  AgentEvalWorkflowResult,
  EvalRecord,
  EvalTaskResult,
  Json,
  TaskOutcome,
} from "@scouter/contracts";
import type {
  ClaimedEvalRecord,
  Database,
  EvalCompletion,
  EvalRecordToStore,
  RegisteredProfile,
} from "@scouter/database";

let serial = 0;

/** Text that no other test of this process uses. */
export function fresh(prefix: string): string {
  serial += 1;
  return `${prefix}-${process.pid}-${serial}`;
}

export function registerAgent(
  db: Database,
  overrides: { readonly space?: string; readonly name?: string; readonly version?: string } = {},
): Promise<RegisteredProfile> {
  return db.profiles.register({
    space: overrides.space ?? fresh("space"),
    name: overrides.name ?? "agent",
    driftType: "Agent",
    profile: { config: { space: "any" }, tasks: [] },
    versionRequest: { version_type: "Minor", version: overrides.version },
    active: true,
    deactivateOthers: false,
  });
}

export interface RecordOverrides {
  readonly uid?: string;
  readonly createdAt?: string;
  readonly context?: Json;
}

export function recordFor(profileUid: string, overrides: RecordOverrides = {}): EvalRecordToStore {
  const record: EvalRecord = {
    record_id: "order-7",
    session_id: "session-1",
    created_at: overrides.createdAt ?? "2026-03-01T10:00:00.123456Z",
    uid: overrides.uid ?? fresh("record"),
    context: overrides.context === undefined ? { question: "why?" } : overrides.context,
    id: 0,
    entity_id: 0,
    entity_uid: profileUid,
    status: "Pending",
    entity_type: "Agent",
    retry_count: 0,
    record_source: "User",
    tags: ["tier=gold"],
  };
  return { record, source: "Queue" };
}

export function recordsFor(profileUid: string, count: number): readonly EvalRecordToStore[] {
  return Array.from({ length: count }, () => recordFor(profileUid));
}

export function completionOf(
  { claim }: Pick<ClaimedEvalRecord, "claim">,
  outcomes: readonly TaskOutcome[] = ["passed"],
): EvalCompletion {
  return {
    claim,
    workflow: workflowOf(outcomes),
    tasks: outcomes.map((outcome, index) => taskOf({ outcome, task_id: `task-${index}` })),
  };
}

function workflowOf(outcomes: readonly TaskOutcome[]): AgentEvalWorkflowResult {
  const count = (outcome: TaskOutcome) => outcomes.filter((other) => other === outcome).length;
  const total = outcomes.length - count("skipped");
  return {
    created_at: "2026-03-01T10:00:01.000000Z",
    record_uid: "",
    entity_id: 0,
    total_tasks: total,
    passed_tasks: count("passed"),
    failed_tasks: count("failed") + count("errored"),
    pass_rate: total === 0 ? 0 : count("passed") / total,
    duration_ms: 12,
    entity_uid: "",
    execution_plan: { stages: [["task-0"]], nodes: {} },
    id: 0,
    skipped_tasks: count("skipped"),
    errored_tasks: count("errored"),
  };
}

export function taskOf(overrides: Partial<EvalTaskResult>): EvalTaskResult {
  const outcome = overrides.outcome ?? "passed";
  return {
    created_at: "2026-03-01T10:00:01.000000Z",
    start_time: "2026-03-01T10:00:00.500000Z",
    end_time: "2026-03-01T10:00:00.600000Z",
    record_uid: "",
    entity_id: 0,
    entity_uid: "",
    task_id: "task",
    task_type: "Assertion",
    passed: outcome === "passed",
    value: outcome === "passed" ? 1 : 0,
    assertion: { FieldPath: "a.b" },
    operator: "Equals",
    expected: null,
    actual: { z: 1, a: [1, null] },
    message: "compared",
    condition: false,
    stage: 0,
    outcome,
    skipped_by: null,
    error_code: null,
    ...overrides,
  };
}

/** Ends whatever other tests left claimable, so that a claim finds only this test's records. */
export async function endEverythingDue(db: Database): Promise<void> {
  for (;;) {
    const claimed = await db.evalRecords.claim({
      workerId: "janitor",
      limit: 1000,
      leaseMs: 60_000,
    });
    if (claimed.length === 0) return;
    await db.evalRecords.complete(claimed.map((item) => completionOf(item)));
  }
}
