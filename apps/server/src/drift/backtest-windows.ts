import {
  type DriftBacktestAlert,
  type DriftBacktestRun,
  type DriftType,
  type JsonObject,
  psiProfile,
} from "@scouter/contracts";
import type { StoredAlertState } from "@scouter/database";
import {
  CommonCrons,
  expectedFalseAlarms,
  parseSchedule,
  type Schedule,
  windowsAMonth,
} from "@scouter/drift";
import { errors } from "../errors.ts";
import { computeWindow } from "./compute-window.ts";
import { judgeWindow, objectAt, policyOf } from "./judge-window.ts";
import type { TimeWindow, WindowData } from "./window-data.ts";

export interface BacktestProfile {
  readonly uid: string;
  readonly driftType: DriftType;
  readonly profile: JsonObject;
}

/** More windows than these nobody waits for. */
export const MOST_BACKTEST_WINDOWS = 10_000;

/**
 * What a profile would have said about the data that is stored: every window of its schedule in a range, computed and
 * judged as the workers do it, one after the other, from a state in which no alert was open. Nothing is stored.
 *
 * @throws SERVER_BACKTEST_TOO_LONG, and what computing a window throws
 */
export async function backtestWindows(
  given: BacktestProfile,
  range: TimeWindow,
  data: WindowData,
): Promise<DriftBacktestRun> {
  const schedule = scheduleOf(given.profile);
  const slots = slotsOf(schedule, range);
  const policy = policyOf(given.profile);
  const states = new Map<string, StoredAlertState>();
  const opened: DriftBacktestAlert[] = [];
  let [withData, alarming] = [0, 0];
  let startMs = schedule.previousSlot(slots[0] ?? range.endMs) ?? range.startMs;
  for (const endMs of slots) {
    const computed = await computeWindow({ profile: given, startMs, endMs }, data);
    startMs = endMs;
    if (computed.observed > 0) withData += 1;
    if (computed.rows.length > 0) alarming += 1;
    const judged = judgeWindow({
      computed,
      windowEndMs: endMs,
      states: [...states.values()],
      policy,
    });
    const told = new Set(judged.toTell.map(({ key }) => key));
    for (const { key, entityName, state, action, alert } of judged.changes) {
      states.set(key, { key, entityName, state });
      if (action !== "opened") continue;
      const window_end = new Date(endMs).toISOString();
      opened.push({ window_end, name: entityName, told: told.has(key), alert });
    }
  }
  return {
    schedule: schedule.text,
    windows: slots.length,
    windows_with_data: withData,
    windows_alarming: alarming,
    expected_false_alarms_month: falseAlarmsAMonth(given.driftType, given.profile, range.endMs),
    opened,
  };
}

/** As `expectedFalseAlarms`; null for kinds of profile that promise no rate, and for schedules that cannot be read. */
export function falseAlarmsAMonth(
  kind: DriftType,
  profile: JsonObject,
  nowMs: number,
): number | null {
  if (kind !== "Psi") return null;
  const parsed = psiProfile.safeParse(profile);
  if (!parsed.success) return null;
  try {
    return expectedFalseAlarms(parsed.data, monthlyWindows(scheduleOf(profile), nowMs));
  } catch {
    // A schedule that cannot be read has no windows; what is wrong with it is told elsewhere.
    return null;
  }
}

/** Counting slots takes milliseconds, and a list has many profiles with few schedules. The rate hardly depends on now. */
const knownRates = new Map<string, number>();
const MOST_KNOWN_RATES = 1000;

function monthlyWindows(schedule: Schedule, nowMs: number): number {
  const key = `${schedule.timeZone} ${schedule.text}`;
  const known = knownRates.get(key);
  if (known !== undefined) return known;
  if (knownRates.size >= MOST_KNOWN_RATES) knownRates.clear();
  const rate = windowsAMonth(schedule, nowMs);
  knownRates.set(key, rate);
  return rate;
}

function scheduleOf(profile: JsonObject): Schedule {
  const alertConfig = objectAt(objectAt(profile, "config"), "alert_config");
  const { schedule, time_zone: timeZone } = alertConfig;
  return parseSchedule(typeof schedule === "string" ? schedule : CommonCrons.EveryDay, {
    timeZone: typeof timeZone === "string" ? timeZone : undefined,
  });
}

function slotsOf(schedule: Schedule, { startMs, endMs }: TimeWindow): readonly number[] {
  const slots: number[] = [];
  for (const slot of schedule.slotsBetween(startMs, endMs)) {
    slots.push(slot);
    if (slots.length > MOST_BACKTEST_WINDOWS) {
      throw errors.SERVER_BACKTEST_TOO_LONG({
        schedule: schedule.text,
        most: MOST_BACKTEST_WINDOWS,
      });
    }
  }
  return slots;
}
