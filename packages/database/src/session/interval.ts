import { sql, type RawBuilder } from "kysely";

/** Milliseconds as an interval of the database. */
export function interval(ms: number): RawBuilder<unknown> {
  return sql`make_interval(secs => ${ms / 1000}::float8)`;
}
