import { sql, type RawBuilder } from "kysely";
import { errors } from "../errors.ts";

const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|z|[+-]\d{2}:\d{2})$/;

/**
 * An RFC 3339 time as PostgreSQL reads it without rounding: UTC, six digits, the rest cut off (the database would
 * round, and a cursor would then miss its row).
 *
 * Offsets are resolved here because PostgreSQL refuses those beyond 15:59. Throws kind `invalid` outside the years
 * 0001-9999.
 */
export function storableTime(text: string): string {
  const match = RFC_3339.exec(text);
  if (match === null) throw errors.DATABASE_TIME_OUT_OF_RANGE({ given: text });
  const [, year, month, day, hour, minute, second = "00", fraction = "", offset = "Z"] = match;
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const time = new Date(local - offsetMs(offset));
  if (!(time.getUTCFullYear() >= 1 && time.getUTCFullYear() <= 9999)) {
    throw errors.DATABASE_TIME_OUT_OF_RANGE({ given: text });
  }
  const micros = fraction.slice(0, 6).padEnd(6, "0");
  return `${time.toISOString().slice(0, 19)}.${micros}Z`;
}

function offsetMs(offset: string): number {
  if (offset === "Z" || offset === "z") return 0;
  const sign = offset.startsWith("-") ? -1 : 1;
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  return sign * (hours * 60 + minutes) * 60_000;
}

/** RFC 3339 text in UTC with microseconds: a JavaScript Date would lose the last three digits. */
export function timeText(column: string): RawBuilder<string> {
  return sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
