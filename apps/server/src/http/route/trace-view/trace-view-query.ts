import { genAiKind, traceStatus } from "@scouter/contracts";
import type { AttributePredicate, TimeRange, TraceFilter, TraceSearch } from "@scouter/lake";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import { nanosOfRfc3339 } from "../trace/wire-time.ts";
import { parseAttributePredicate } from "./attribute-predicate.ts";

const MAX_VALUES = 20;
const MAX_TEXT = 1_000;
const HOUR_MS = 3_600_000;
const DEFAULT_RANGE_MS = 24 * HOUR_MS;
/** A quarter of a year: a question about more is one for the tables themselves. */
const MAX_RANGE_MS = 92 * 24 * HOUR_MS;

const text = z.string().min(1).max(MAX_TEXT);
/** May be repeated; any of the values will do. */
const texts = z.union([text.transform((one) => [one]), z.array(text).max(MAX_VALUES)]).default([]);
const kinds = z
  .union([genAiKind.transform((one) => [one]), z.array(genAiKind).max(MAX_VALUES)])
  .default([]);
const time = z
  .string()
  .refine((given) => nanosOfRfc3339(given) !== undefined, "expected an RFC 3339 date-time");
const milliseconds = z.coerce.number().min(0).max(1e12);

export const rangeFields = { start: time.optional(), end: time.optional() };

/** Strict: a filter whose name is mistyped must not be read as "no filter". */
export const filterFields = {
  ...rangeFields,
  service: texts,
  name: texts,
  root_name: texts,
  kind: kinds,
  model: texts,
  attr: texts,
  text: text.optional(),
  status: traceStatus.optional(),
  min_duration_ms: milliseconds.optional(),
  max_duration_ms: milliseconds.optional(),
};
const filters = z.strictObject(filterFields);
type Filters = z.output<typeof filters>;
type RangeFields = Pick<Filters, "start" | "end">;

/**
 * Defaults: up to now, and 24 hours back from the end.
 *
 * @throws `SERVER_PARAMETER_INVALID`
 */
export function rangeOf({ start, end }: RangeFields, nowMs: number): TimeRange {
  const toNano = nanosOfRfc3339(end ?? "") ?? nanosOfMs(nowMs);
  const fromNano = nanosOfRfc3339(start ?? "") ?? toNano - nanosOfMs(DEFAULT_RANGE_MS);
  if (fromNano >= toNano) refuse("'start' must be before 'end'");
  if (toNano - fromNano > nanosOfMs(MAX_RANGE_MS)) {
    refuse(`the range from 'start' to 'end' is longer than ${MAX_RANGE_MS / HOUR_MS / 24} days`);
  }
  return { fromNano: fromNano < 0n ? 0n : fromNano, toNano };
}

/** @throws `SERVER_PARAMETER_INVALID` */
export function filterOf(given: Omit<Filters, "start" | "end">): TraceFilter {
  const { min_duration_ms: minimum, max_duration_ms: maximum } = given;
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    refuse("'min_duration_ms' is greater than 'max_duration_ms'");
  }
  return {
    spans: {
      services: given.service,
      names: given.name,
      kinds: given.kind,
      models: given.model,
      attributes: given.attr.map(predicateOf),
      ...(given.text === undefined ? {} : { text: given.text }),
    },
    rootNames: given.root_name,
    ...(given.status === undefined ? {} : { status: given.status }),
    ...(minimum === undefined ? {} : { minDurationNano: nanosOfMs(minimum) }),
    ...(maximum === undefined ? {} : { maxDurationNano: nanosOfMs(maximum) }),
  };
}

function predicateOf(given: string): AttributePredicate {
  const predicate = parseAttributePredicate(given);
  return typeof predicate === "string" ? refuse(`'attr': ${predicate}`) : predicate;
}

type Cursor = NonNullable<TraceSearch["cursor"]>;

/** Opaque to clients: where a page ended. */
export function cursorText({ startTimeUnixNano, traceId }: Cursor): string {
  return Buffer.from(`${startTimeUnixNano}.${traceId}`).toString("base64url");
}

/** @throws `SERVER_PARAMETER_INVALID` */
export function cursorOf(given: string): Cursor {
  const match = /^(\d{1,19})\.([0-9a-f]{32})$/.exec(Buffer.from(given, "base64url").toString());
  if (match === null) return refuse("'cursor' is none: give back 'next_cursor' of a page");
  return { startTimeUnixNano: BigInt(match[1] ?? 0), traceId: match[2] ?? "" };
}

export function nanosOfMs(ms: number): bigint {
  return BigInt(Math.round(ms * 1_000)) * 1_000n;
}

export function refuse(problems: string): never {
  throw errors.SERVER_PARAMETER_INVALID({ problems });
}
