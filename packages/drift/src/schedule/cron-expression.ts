import { errors } from "../errors.ts";
import { type CronField, type FieldValues, parseCronField } from "./cron-field.ts";

const MONTHS = {
  jan: 1,
  january: 1,
  feb: 2,
  february: 2,
  mar: 3,
  march: 3,
  apr: 4,
  april: 4,
  may: 5,
  jun: 6,
  june: 6,
  jul: 7,
  july: 7,
  aug: 8,
  august: 8,
  sep: 9,
  sept: 9,
  september: 9,
  oct: 10,
  october: 10,
  nov: 11,
  november: 11,
  dec: 12,
  december: 12,
} as const;

/** Days from Sunday = 0. */
const DAYS = {
  sun: 0,
  sunday: 0,
  mon: 1,
  monday: 1,
  tue: 2,
  tues: 2,
  tuesday: 2,
  wed: 3,
  wednesday: 3,
  thu: 4,
  thurs: 4,
  thursday: 4,
  fri: 5,
  friday: 5,
  sat: 6,
  saturday: 6,
} as const;

const daysFrom = (sunday: number): Record<string, number> =>
  Object.fromEntries(Object.entries(DAYS).map(([name, day]) => [name, day + sunday]));

const SECOND: CronField = { name: "second", lowest: 0, highest: 59 };
const MINUTE: CronField = { name: "minute", lowest: 0, highest: 59 };
const HOUR: CronField = { name: "hour", lowest: 0, highest: 23 };
const DAY_OF_MONTH: CronField = {
  name: "day-of-month",
  lowest: 1,
  highest: 31,
  questionMark: true,
};
const MONTH: CronField = { name: "month", lowest: 1, highest: 12, names: MONTHS };
const YEAR: CronField = { name: "year", lowest: 1970, highest: 2100 };
/** Of 6 or 7 fields: Sunday = 1 to Saturday = 7. */
const DAY_FROM_ONE: CronField = {
  name: "day-of-week",
  lowest: 1,
  highest: 7,
  names: daysFrom(1),
  questionMark: true,
};
/** Of 5 fields, as in crontab: Sunday = 0 to Saturday = 6, and 7 is Sunday too. */
const DAY_FROM_ZERO: CronField = {
  name: "day-of-week",
  lowest: 0,
  highest: 7,
  names: daysFrom(0),
  questionMark: true,
};

const SHORTHANDS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 0 1 1 *",
  "@monthly": "0 0 0 1 * *",
  "@weekly": "0 0 0 * * 1",
  "@daily": "0 0 0 * * *",
  "@hourly": "0 0 * * * *",
};

/** Days that a month has at most. */
const MONTH_LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A schedule as sets of values, whatever the dialect it was written in. */
export interface CronExpression {
  readonly second: FieldValues;
  readonly minute: FieldValues;
  readonly hour: FieldValues;
  readonly dayOfMonth: FieldValues;
  readonly month: FieldValues;
  /** Sunday = 0 to Saturday = 6. */
  readonly dayOfWeek: FieldValues;
  readonly year: FieldValues;
  /** Whether a day must suit both day fields. Only 5 fields that restrict both mean "either". */
  readonly bothDays: boolean;
}

/**
 * Reads a schedule of 6 or 7 fields (second minute hour day-of-month month day-of-week [year], Sunday = 1, both day
 * fields must suit), of 5 fields (as in crontab: Sunday = 0 or 7, either day field suffices when both are restricted),
 * or one of @yearly @monthly @weekly @daily @hourly. Throws DRIFT_SCHEDULE_FIELDS, _FIELD or _NEVER.
 */
export function parseCronExpression(text: string): CronExpression {
  const written = SHORTHANDS[text.trim().toLowerCase()] ?? text.trim();
  const fields = written === "" ? [] : written.split(/\s+/);
  if (fields.length < 5 || fields.length > 7) {
    throw errors.DRIFT_SCHEDULE_FIELDS({ text, fields: fields.length });
  }
  const standard = fields.length === 5;
  const [second = "0", minute = "", hour = "", day = "", month = "", weekday = "", year = "*"] =
    standard ? ["0", ...fields] : fields;
  const read = (field: CronField, given: string) => valuesOf(text, field, given);
  const week = read(standard ? DAY_FROM_ZERO : DAY_FROM_ONE, weekday);
  const expression = {
    second: read(SECOND, second),
    minute: read(MINUTE, minute),
    hour: read(HOUR, hour),
    dayOfMonth: read(DAY_OF_MONTH, day),
    month: read(MONTH, month),
    dayOfWeek: fromSundayZero(week, standard ? 0 : 1),
    year: read(YEAR, year),
  };
  const bothRestricted = expression.dayOfMonth.restricted && expression.dayOfWeek.restricted;
  const bothDays = !(standard && bothRestricted);
  if (bothDays) checkDayExists(text, expression.dayOfMonth.values, expression.month.values);
  return { ...expression, bothDays };
}

function valuesOf(text: string, field: CronField, given: string): FieldValues {
  const found = parseCronField(field, given);
  if ("values" in found) return found;
  throw errors.DRIFT_SCHEDULE_FIELD({ text, field: field.name, ...found });
}

function fromSundayZero({ values, restricted }: FieldValues, sunday: number): FieldValues {
  const days = new Set(values.map((value) => (value - sunday) % 7));
  return { values: [...days].sort((a, b) => a - b), restricted };
}

function checkDayExists(text: string, days: readonly number[], months: readonly number[]): void {
  const longest = Math.max(...months.map((month) => MONTH_LENGTHS[month - 1] as number));
  const earliest = Math.min(...days);
  if (earliest <= longest) return;
  const reason = `none of its months has a day ${earliest}`;
  throw errors.DRIFT_SCHEDULE_NEVER({ text, reason });
}
