import { sql, type RawBuilder } from "kysely";

/** startMs <= t < endMs, in milliseconds since the Unix epoch. */
export interface Period {
  readonly startMs: number;
  readonly endMs: number;
}

/** A period cut into `buckets` stretches of equal length, numbered from 0. */
export interface BucketedPeriod extends Period {
  /** 1 or more. */
  readonly buckets: number;
}

export function instant(ms: number): RawBuilder<string> {
  return sql<string>`${new Date(ms).toISOString()}::timestamptz`;
}

export function within(column: string, { startMs, endMs }: Period): RawBuilder<boolean> {
  const time = sql.ref(column);
  return sql<boolean>`${time} >= ${instant(startMs)} and ${time} < ${instant(endMs)}`;
}

/** Which bucket a time that lies in the period belongs to; the last one takes what rounding puts behind it. */
export function bucketNumber(
  column: string,
  { startMs, endMs, buckets }: BucketedPeriod,
): RawBuilder<number> {
  const widthSeconds = (endMs - startMs) / buckets / 1000;
  return sql<number>`least(${buckets - 1}::integer, floor(
    extract(epoch from ${sql.ref(column)} - ${instant(startMs)})::float8 / ${widthSeconds}::float8
  )::integer)`;
}
