import { Cron } from "croner";
import { errors } from "../errors.ts";
import { type CronExpression, parseCronExpression } from "./cron-expression.ts";
import type { FieldValues } from "./cron-field.ts";

/** Slots enumerated at a time: enough to keep the cost per slot low, few enough to stop early. */
const SLOTS_PER_STEP = 64;
/** 1970 to 2100. */
const EVERY_YEAR = 131;

/**
 * When windows end. Slots are whole seconds, as milliseconds since the Unix epoch; the same set of slots whichever method
 * one asks. In a zone with summer time a single daily time that the clocks skip comes at the first moment after the gap,
 * and one that comes twice counts once; lists and wildcards follow the clock: skipped times have no slot, repeated ones
 * two.
 */
export interface Schedule {
  /** As it was written. */
  readonly text: string;
  readonly timeZone: string;
  /** The last slot before `beforeMs`, never that instant itself; undefined when there is none since 1970. */
  previousSlot(beforeMs: number): number | undefined;
  /** The first `count` slots after `afterMs`, never that instant itself; fewer when the schedule ends. */
  nextSlots(count: number, afterMs: number): readonly number[];
  /** The slots with fromMs < slot <= toMs, ascending, one by one: a caller may stop early. */
  slotsBetween(fromMs: number, toMs: number): Iterable<number>;
}

export interface ScheduleOptions {
  /** IANA name; UTC when absent. */
  readonly timeZone?: string | undefined;
}

/**
 * Reads a schedule; see `parseCronExpression` for the dialect. Throws what that throws, and DRIFT_SCHEDULE_TIME_ZONE.
 *
 * ```ts
 * const daily = parseSchedule("0 0 5 * * *");
 * daily.nextSlots(1, Date.UTC(2024, 0, 1)); // [Date.UTC(2024, 0, 1, 5)]
 * ```
 */
export function parseSchedule(text: string, options: ScheduleOptions = {}): Schedule {
  const timeZone = options.timeZone ?? "UTC";
  checkTimeZone(timeZone);
  const cron = cronOf(parseCronExpression(text), timeZone);
  const nextSlots = (count: number, afterMs: number) =>
    cron.nextRuns(count, new Date(wholeSeconds(afterMs, Math.floor))).map((slot) => slot.getTime());
  return {
    text,
    timeZone,
    nextSlots,
    previousSlot: (beforeMs) => {
      const [slot] = cron.previousRuns(1, new Date(wholeSeconds(beforeMs, Math.ceil)));
      return slot === undefined || slot.getTime() < 0 ? undefined : slot.getTime();
    },
    *slotsBetween(fromMs, toMs) {
      let after = fromMs;
      while (after < toMs) {
        const slots = nextSlots(SLOTS_PER_STEP, after);
        for (const slot of slots) {
          if (slot > toMs) return;
          yield slot;
        }
        const last = slots.at(-1);
        if (last === undefined || slots.length < SLOTS_PER_STEP) return;
        after = last;
      }
    },
  };
}

/** Slots are whole seconds: before 05:59:59.5 is before 06:00:00, and after it is after 05:59:59. */
function wholeSeconds(atMs: number, round: (value: number) => number): number {
  return round(atMs / 1000) * 1000;
}

function checkTimeZone(timeZone: string): void {
  try {
    Intl.DateTimeFormat("en", { timeZone });
  } catch (cause) {
    throw errors.DRIFT_SCHEDULE_TIME_ZONE({ timeZone }, { cause });
  }
}

/** Croner's weekdays count from Sunday = 0, as ours here do; sets are written out as lists. */
function cronOf(expression: CronExpression, timeZone: string): Cron {
  const { second, minute, hour, month, year } = expression;
  const [dayOfMonth, dayOfWeek] = dayFields(expression);
  const pattern = [
    written(second, 60),
    written(minute, 60),
    written(hour, 24),
    dayOfMonth,
    written(month, 12),
    dayOfWeek,
    written(year, EVERY_YEAR),
  ].join(" ");
  // A fixed offset of 0 is what UTC means, and ten times as fast as the same through the zone's calendar.
  const zone = timeZone === "UTC" ? { utcOffset: 0 } : { timezone: timeZone };
  return new Cron(pattern, {
    ...zone,
    mode: "7-part",
    domAndDow: expression.bothDays,
    paused: true,
  });
}

/**
 * Where either day field suffices, one that names every day makes every day suit. Croner takes the "*" it is written as
 * for "no restriction here" and would keep to the other field.
 */
function dayFields({ dayOfMonth, dayOfWeek, bothDays }: CronExpression): [string, string] {
  const days: [string, string] = [written(dayOfMonth, 31), written(dayOfWeek, 7)];
  return !bothDays && days.includes("*") ? ["*", "*"] : days;
}

function written({ values }: FieldValues, all: number): string {
  return values.length === all ? "*" : values.join(",");
}
