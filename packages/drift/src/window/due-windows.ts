import type { Schedule } from "../schedule/schedule.ts";

/** The time between two slots: startMs < t <= endMs, in milliseconds since the Unix epoch. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

/** Windows that will not be computed, as one stretch of time. */
export interface SkippedWindows extends Window {
  readonly windows: number;
  /** True when there are more windows than were counted. */
  readonly atLeast: boolean;
  /** `catch-up-limit`: more are due than may be made up for. `catch-up-latest`: only the newest one is wanted. */
  readonly reason: "catch-up-limit" | "catch-up-latest";
}

export interface WindowPlan {
  /** Oldest first. */
  readonly due: readonly Window[];
  /** Always before the due ones; with them it covers the time since the last window without gap or overlap. */
  readonly skipped: SkippedWindows | undefined;
  /** When the next window can be computed; undefined when the schedule has ended. */
  readonly nextDueAtMs: number | undefined;
}

export interface DueWindowsInput {
  readonly schedule: Schedule;
  /** End of the last window in the ledger, or the time of registration. */
  readonly lastWindowEndMs: number;
  readonly nowMs: number;
  /** A window is computed this long after its end, so that rows on their way have arrived. */
  readonly graceMs: number;
  readonly catchUp: "all" | "latest";
  /** At most this many windows are due at once; older ones are skipped. At least 1. */
  readonly limit: number;
}

/** Skipped windows are counted up to here; a second-by-second schedule may miss millions. */
export const MOST_COUNTED = 10_000;

/** Which rows the ledger should get now. Windows tile time: each begins where the one before it ended. */
export function dueWindows(input: DueWindowsInput): WindowPlan {
  const { schedule, lastWindowEndMs, nowMs, graceMs, catchUp } = input;
  const readyMs = nowMs - graceMs;
  const [nextSlot] = schedule.nextSlots(1, Math.max(readyMs, lastWindowEndMs));
  const nextDueAtMs = nextSlot === undefined ? undefined : nextSlot + graceMs;
  const most = catchUp === "latest" ? 1 : Math.max(1, input.limit);
  const ends = newestSlots(schedule, lastWindowEndMs, readyMs, most);
  const [firstEnd] = ends;
  if (firstEnd === undefined) return { due: [], skipped: undefined, nextDueAtMs };
  const before = schedule.previousSlot(firstEnd) ?? lastWindowEndMs;
  // The first window begins at the last one's end, also when that is no slot (registration, a changed schedule).
  const startMs = Math.max(before, lastWindowEndMs);
  const due = ends.map((endMs, i) => ({
    startMs: i === 0 ? startMs : (ends[i - 1] as number),
    endMs,
  }));
  const reason = catchUp === "latest" ? "catch-up-latest" : "catch-up-limit";
  const skipped =
    startMs > lastWindowEndMs
      ? skippedWindows(schedule, lastWindowEndMs, startMs, reason)
      : undefined;
  return { due, skipped, nextDueAtMs };
}

/** The last `most` slots with fromMs < slot <= toMs, ascending; looks back as far as needed and no further. */
function newestSlots(schedule: Schedule, fromMs: number, toMs: number, most: number): number[] {
  const ends: number[] = [];
  let before = toMs + 1;
  while (ends.length < most) {
    const slot = schedule.previousSlot(before);
    if (slot === undefined || slot <= fromMs) break;
    ends.push(slot);
    before = slot;
  }
  return ends.toReversed();
}

function skippedWindows(
  schedule: Schedule,
  startMs: number,
  endMs: number,
  reason: SkippedWindows["reason"],
): SkippedWindows {
  let windows = 0;
  for (const _ of schedule.slotsBetween(startMs, endMs)) {
    windows += 1;
    if (windows > MOST_COUNTED) break;
  }
  const atLeast = windows > MOST_COUNTED;
  return { startMs, endMs, windows: Math.min(windows, MOST_COUNTED), atLeast, reason };
}
