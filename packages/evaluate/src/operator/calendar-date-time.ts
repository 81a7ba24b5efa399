const SHAPE =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?(?:Z|[+-]([0-9]{2})(?::?([0-9]{2}))?)?)?$/;

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Whether a text is an ISO 8601 calendar date, `YYYY-MM-DD`, optionally followed by `THH:MM`, seconds with a fraction,
 * and `Z` or an offset (`+HH`, `+HH:MM`, `+HHMM`). The day must exist in the Gregorian calendar, hours go to 23,
 * minutes to 59, seconds to 60 (leap second). Week dates, ordinal dates and the basic format are not accepted.
 */
export function isCalendarDateTime(text: string): boolean {
  const parts = SHAPE.exec(text);
  if (parts === null) return false;
  const [
    year = 0,
    month = 0,
    day = 0,
    hour = 0,
    minute = 0,
    second = 0,
    offsetHour = 0,
    offsetMinute = 0,
  ] = parts.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  return (
    day >= 1 &&
    day <= daysOfMonth(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 60 &&
    offsetHour <= 23 &&
    offsetMinute <= 59
  );
}

/** 0 for a month that does not exist, so that no day fits. */
function daysOfMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0);
}
