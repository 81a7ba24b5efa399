import type { CellStatus, DriftFeatureStatus, DriftProfile } from "@scouter/contracts";
import type { DriftProfileRow } from "@scouter/database";
import { CommonCrons, parseSchedule } from "@scouter/drift";
import { falseAlarmsAMonth } from "../../../drift/backtest-windows.ts";
import { cellStatusOf, watchedFeatures } from "../../../drift/feature-figures.ts";
import { objectAt } from "../../../drift/judge-window.ts";
import { isoTime } from "../../query/period.ts";

/** Worst first. */
const BY_WEIGHT: readonly DriftFeatureStatus[] = [
  "alert",
  "error",
  "insufficient-data",
  "no-data",
  "ok",
];

/** A drift profile and how it stands at `nowMs`. */
export function driftProfileOf(row: DriftProfileRow, nowMs: number): DriftProfile {
  const { reference, lastWindow } = row;
  const alertConfig = objectAt(objectAt(row.profile, "config"), "alert_config");
  const schedule = textOr(alertConfig["schedule"]);
  const timeZone = textOr(alertConfig["time_zone"]);
  const counts = lastWindow?.features ?? {};
  return {
    ...reference,
    status: row.active ? "active" : "inactive",
    created_at: row.createdAt,
    schedule,
    time_zone: timeZone ?? "UTC",
    schedule_error: row.scheduleError,
    next_window_end: row.active ? nextWindowEnd({ schedule, timeZone }, row, nowMs) : null,
    expected_false_alarms_month: falseAlarmsAMonth(reference.kind, row.profile, nowMs),
    features: watchedFeatures(reference.kind, row.profile).length,
    worst_status: worstStatus(lastWindow),
    last_window:
      lastWindow === null ? null : { id: lastWindow.id, window_end: lastWindow.windowEnd },
    last_measured:
      row.lastMeasured === null
        ? null
        : { id: row.lastMeasured.id, window_end: row.lastMeasured.windowEnd },
    feature_counts: {
      ok: counts.ok ?? 0,
      alert: counts.alert ?? 0,
      no_data: counts["no-data"] ?? 0,
      too_few_samples: counts["insufficient-data"] ?? 0,
      failed: counts.error ?? 0,
    },
    open_alerts: row.openAlerts,
    windows: {
      done: row.windowsDone,
      alerting: row.windowsAlerting,
      failed: row.windowsFailed,
    },
  };
}

function worstStatus(lastWindow: DriftProfileRow["lastWindow"]): CellStatus {
  if (lastWindow === null) return "pending";
  if (lastWindow.status === "failed") return "failed";
  const worst = BY_WEIGHT.find((status) => (lastWindow.features?.[status] ?? 0) > 0);
  return worst === undefined ? "no_data" : cellStatusOf[worst];
}

/** Null when the schedule has ended or cannot be read; `schedule_error` says which. */
function nextWindowEnd(
  given: { readonly schedule: string | null; readonly timeZone: string | null },
  { scheduleError, plannedThrough }: DriftProfileRow,
  nowMs: number,
): string | null {
  if (scheduleError !== null) return null;
  const plannedMs = plannedThrough === null ? nowMs : Date.parse(plannedThrough);
  try {
    const schedule = parseSchedule(given.schedule ?? CommonCrons.EveryDay, {
      timeZone: given.timeZone ?? undefined,
    });
    const [slotMs] = schedule.nextSlots(1, Math.max(plannedMs, nowMs));
    return slotMs === undefined ? null : isoTime(slotMs);
  } catch {
    // A schedule that nobody could read yet: the planner will say so within a second.
    return null;
  }
}

function textOr(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
