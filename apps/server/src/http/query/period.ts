import { dateTime } from "@scouter/contracts";
import type { Period } from "@scouter/database";
import { z } from "zod";
import { errors } from "../../errors.ts";

const DAY_MS = 86_400_000;
const MOST_DAYS = 92;
const MOST_BUCKETS = 500;

/** start <= t < end; the last 24 hours where they are absent. */
export const periodQuery = {
  start: dateTime.optional(),
  end: dateTime.optional(),
};

export const bucketsQuery = {
  buckets: z.coerce.number().int().min(1).max(MOST_BUCKETS).default(60),
};

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(500).optional(),
};

const MAX_NAME_BYTES = 2000;

/** A name or uid, as the database can hold it. */
export const nameParameter = z
  .string()
  .min(1)
  .refine((text) => Buffer.byteLength(text) <= MAX_NAME_BYTES && !text.includes("\0"), {
    error: `expected at most ${MAX_NAME_BYTES} bytes without NUL`,
  });

/** A number that the database gave a row. */
export const rowId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/**
 * @param nowMs the newest row may be of this very millisecond, so a range that ends now includes it
 * @throws `SERVER_PERIOD_INVALID`
 */
export function periodOf(
  { start, end }: { readonly start?: string | undefined; readonly end?: string | undefined },
  nowMs: number,
): Period {
  const endMs = end === undefined ? nowMs + 1 : Date.parse(end);
  const startMs = start === undefined ? endMs - DAY_MS : Date.parse(start);
  if (startMs >= endMs) {
    throw errors.SERVER_PERIOD_INVALID({
      problem: `it begins at ${isoTime(startMs)} and ends at ${isoTime(endMs)}`,
    });
  }
  if (endMs - startMs > MOST_DAYS * DAY_MS) {
    const days = Math.ceil((endMs - startMs) / DAY_MS);
    throw errors.SERVER_PERIOD_INVALID({
      problem: `it is ${days} days long; at most ${MOST_DAYS} are allowed`,
    });
  }
  return { startMs, endMs };
}

/** The ends as replies show them. */
export function shownPeriod({ startMs, endMs }: Period): { start: string; end: string } {
  return { start: isoTime(startMs), end: isoTime(endMs) };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export interface Stretch {
  readonly start: string;
  readonly end: string;
}

/** The buckets of a period, oldest first: as many as asked for, each with what `fill` makes of its number. */
export function filledBuckets<Filling>(
  { startMs, endMs }: Period,
  buckets: number,
  fill: (bucket: number) => Filling,
): (Stretch & Filling)[] {
  const edge = (bucket: number) => isoTime(startMs + ((endMs - startMs) * bucket) / buckets);
  return Array.from({ length: buckets }, (_, bucket) => ({
    start: edge(bucket),
    end: edge(bucket + 1),
    ...fill(bucket),
  }));
}

export function bucketSeconds({ startMs, endMs }: Period, buckets: number): number {
  return (endMs - startMs) / buckets / 1000;
}
