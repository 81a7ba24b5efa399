import type { DriftResult, DriftType, Json } from "@scouter/contracts";
import type {
  AlertChange,
  ClaimedWindow,
  Database,
  ProfileToPlan,
  RegisteredProfile,
  SchedulePlan,
  WindowCompletion,
} from "@scouter/database";
import { fresh } from "./samples.ts";

/** Long enough ago that the database's own clock never reaches it from below. */
export const SLOT_MS = Date.UTC(2026, 0, 1);
export const HOUR_MS = 3_600_000;

export function registerDrift(
  db: Database,
  overrides: {
    readonly driftType?: DriftType;
    readonly active?: boolean;
    readonly alertConfig?: Json;
  } = {},
): Promise<RegisteredProfile> {
  const { alertConfig: alert_config = { schedule: "0 0 * * * *" } } = overrides;
  return db.profiles.register({
    space: fresh("space"),
    name: "drift",
    driftType: overrides.driftType ?? "Custom",
    profile: { config: { alert_config } },
    versionRequest: { version_type: "Minor" },
    active: overrides.active ?? true,
    deactivateOthers: false,
  });
}

/** What `toPlan` says of one profile. */
export async function toPlanOf(
  db: Database,
  uid: string,
  nowMs = Date.now(),
): Promise<ProfileToPlan | undefined> {
  const all = await db.driftWindows.toPlan(nowMs, 1000);
  return all.find(({ profileUid }) => profileUid === uid);
}

export function planOf(toPlan: ProfileToPlan, overrides: Partial<SchedulePlan> = {}): SchedulePlan {
  const windows = overrides.windows ?? [];
  return {
    profileUid: toPlan.profileUid,
    basis: toPlan.basis,
    windows,
    plannedThroughMs: windows.at(-1)?.endMs ?? toPlan.lastWindowEndMs,
    nextPlanAtMs: undefined,
    paused: false,
    ...overrides,
  };
}

/** Windows of an hour each, the first ending at slot `first`. */
export function hours(first: number, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    startMs: SLOT_MS + (first + i - 1) * HOUR_MS,
    endMs: SLOT_MS + (first + i) * HOUR_MS,
  }));
}

/** A profile with windows that are due now; with `plan` more may be said of its schedule. */
export async function withDueWindows(
  db: Database,
  count: number,
  plan: Partial<SchedulePlan> = {},
): Promise<RegisteredProfile> {
  const profile = await registerDrift(db);
  const toPlan = await toPlanOf(db, profile.uid);
  if (toPlan === undefined) throw new Error("a new profile was not to be planned");
  await db.driftWindows.plan([planOf(toPlan, { windows: hours(1, count), ...plan })]);
  return profile;
}

export function resultOf(status: "ok" | "alert" = "ok"): DriftResult {
  return { kind: "Custom", features: [{ name: "mape", status, observed: 0.5 }] };
}

export function completionWith(
  alerts: readonly AlertChange[] = [],
  dedupKeys: readonly string[] = [],
): WindowCompletion {
  const messages = dedupKeys.map((dedupKey) => ({ dedupKey, message: { text: dedupKey } }));
  return {
    result: resultOf(alerts.length > 0 ? "alert" : "ok"),
    observed: 2,
    settled: true,
    alerts,
    messages,
  };
}

export function change(
  action: AlertChange["action"],
  overrides: { readonly key?: string; readonly observed?: number } = {},
): AlertChange {
  const key = overrides.key ?? "mape";
  return {
    key,
    entityName: key,
    action,
    state: { phase: action === "resolved" ? "quiet" : "open" },
    alert: {
      Custom: {
        metric_name: key,
        baseline_value: 1,
        observed_value: overrides.observed ?? 2,
        delta: null,
        alert_threshold: "Above",
      },
    },
  };
}

/** Ends whatever other tests left claimable, so that a claim finds only this test's windows. */
export async function endEveryWindow(db: Database): Promise<void> {
  for (;;) {
    const claimed = await db.driftWindows.claim({
      workerId: "janitor",
      limit: 1000,
      leaseMs: 60_000,
    });
    if (claimed.length === 0) return;
    for (const { claim } of claimed) await db.driftWindows.complete(claim, completionWith());
  }
}

export async function claimWindow(
  db: Database,
  workerId: string,
  leaseMs = 60_000,
): Promise<ClaimedWindow> {
  const [claimed] = await db.driftWindows.claim({ workerId, limit: 1, leaseMs });
  if (claimed === undefined) throw new Error("no window was due");
  return claimed;
}
