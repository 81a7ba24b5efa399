import { dateTime } from "@scouter/contracts";
import type { ChartRange } from "@scouter/database";
import { z } from "zod";
import { errors } from "../../../errors.ts";

/** Minutes up to now; `Custom` takes both ends from the query. */
const minutesOf = {
  FifteenMinutes: 15,
  ThirtyMinutes: 30,
  OneHour: 60,
  FourHours: 240,
  SixHours: 360,
  TwelveHours: 720,
  TwentyFourHours: 1440,
  SevenDays: 10_080,
  Custom: 0,
} as const;

const MAX_POINTS = 10_000;
const MAX_UID_BYTES = 200;

const intervals = Object.keys(minutesOf) as (keyof typeof minutesOf)[];

export const chartQuery = z.object({
  uid: z
    .string()
    .min(1)
    .refine((uid) => Buffer.byteLength(uid) <= MAX_UID_BYTES, "expected at most 200 bytes"),
  space: z.string(),
  time_interval: z.enum(intervals),
  /** Most points of a series. */
  max_data_points: z.coerce.number().int().min(1).max(MAX_POINTS),
  /** Both ends together take precedence over the interval. */
  start_custom_datetime: dateTime.optional(),
  end_custom_datetime: dateTime.optional(),
});
export type ChartQuery = z.output<typeof chartQuery>;

/** @throws `SERVER_CHART_RANGE_INVALID` */
export function chartRange(query: ChartQuery, nowMs: number): ChartRange {
  const { start_custom_datetime: start, end_custom_datetime: end } = query;
  const maxPoints = query.max_data_points;
  if (start !== undefined && end !== undefined) {
    const range = { beginMs: Date.parse(start), endMs: Date.parse(end), maxPoints };
    if (range.beginMs < range.endMs) return range;
    throw errors.SERVER_CHART_RANGE_INVALID({
      problem: `it begins at ${start} and ends at ${end}`,
    });
  }
  if (query.time_interval === "Custom") {
    throw errors.SERVER_CHART_RANGE_INVALID({
      problem: "time_interval is Custom without start_custom_datetime and end_custom_datetime",
    });
  }
  const beginMs = nowMs - minutesOf[query.time_interval] * 60_000;
  // The newest observation may be of this very millisecond.
  return { beginMs, endMs: nowMs + 1, maxPoints };
}
