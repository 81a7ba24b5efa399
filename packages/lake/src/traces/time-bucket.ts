import type { BucketWidth } from "../genai/genai-queries.ts";

/** A Monday, from which buckets of several units are counted. */
const ORIGIN = "TIMESTAMP '2001-01-01'";

/** SQL of the start of the bucket, nanoseconds, in which a column of nanoseconds lies. UTC. */
export function bucketSql(nanos: string, { unit, count }: BucketWidth): string {
  const time = `make_timestamp(${nanos} // 1000)`;
  const start =
    count === 1
      ? `date_trunc('${unit}', ${time})`
      : `time_bucket(INTERVAL '${count} ${unit}s', ${time}, ${ORIGIN})`;
  return `(epoch_us(${start}::TIMESTAMP) * 1000)::BIGINT`;
}
