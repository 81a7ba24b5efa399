import { textOf } from "../attribute/any-value-json.ts";
import { errors } from "../errors.ts";
import { storableEventTime } from "./span-draft.ts";

const KIND_NUMBERS: ReadonlyMap<string, number> = new Map([
  ["INTERNAL", 1],
  ["SERVER", 2],
  ["CLIENT", 3],
  ["PRODUCER", 4],
  ["CONSUMER", 5],
]);
const STATUS_NUMBERS: ReadonlyMap<string, number> = new Map([
  ["OK", 1],
  ["ERROR", 2],
]);

const LARGEST_UINT32 = 2 ** 32 - 1;

/** A hexadecimal id in lower case, whatever its length; anything but text is "". */
export function idOf(value: unknown): string {
  return textOf(value).toLowerCase();
}

/** An unsigned 32-bit number, written as number or text; 0 for anything else. */
export function countOf(value: unknown): number {
  const count = typeof value === "string" && value !== "" ? Number(value) : value;
  if (typeof count !== "number" || !Number.isInteger(count)) return 0;
  return count >= 0 && count <= LARGEST_UINT32 ? count : 0;
}

/** A span kind as number, decimal text, or name with or without `SPAN_KIND_`; 0 for anything else. */
export function kindOf(value: unknown): number {
  return enumOf(value, "SPAN_KIND_", KIND_NUMBERS);
}

/** A status code as number, decimal text, or name with or without `STATUS_CODE_`; 0 for anything else. */
export function statusCodeOf(value: unknown): number {
  return enumOf(value, "STATUS_CODE_", STATUS_NUMBERS);
}

function enumOf(value: unknown, prefix: string, numbers: ReadonlyMap<string, number>): number {
  if (typeof value !== "string") return countOf(value);
  const name = value.startsWith(prefix) ? value.slice(prefix.length) : value;
  return numbers.get(name) ?? countOf(value);
}

/** Nanoseconds of a span's time; 0 when absent. Throws `OTLP_TIME_INVALID` for what is not a whole number. */
export function spanTimeOf(field: "start" | "end", value: unknown): bigint {
  const time = nanosecondsOf(value);
  if (time === null) throw errors.OTLP_TIME_INVALID({ field, given: String(value) });
  return time;
}

/** Nanoseconds of an event's time; 0 when absent or unusable, for that is no reason to lose the event. */
export function eventTimeOf(value: unknown): bigint {
  const time = nanosecondsOf(value) ?? 0n;
  return time < 0n ? 0n : storableEventTime(time);
}

/** Null for what is not a whole number of at most 20 digits. */
function nanosecondsOf(value: unknown): bigint | null {
  if (value === undefined || value === null || value === "") return 0n;
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : null;
  return typeof value === "string" && /^-?\d{1,20}$/.test(value) ? BigInt(value) : null;
}
