import { sql, type RawBuilder } from "kysely";
import type { DayRange } from "../observation/observation-day-repository.ts";
import type { Executor } from "../session/session.ts";

/** The lists of days that moved to the archive. */
type ArchivedList = "archived_day" | "archived_evaluation";

/** The day (UTC) before which every day ended at least `ageDays` days ago; undefined when the list has none before it. */
export async function expiredBefore(
  list: ArchivedList,
  ageDays: number,
  db: Executor,
): Promise<string | undefined> {
  const { rows } = await sql<{ readonly day: string }>`
    select border.day::text
    from (select (now() at time zone 'UTC')::date - ${ageDays}::integer as day) border
    where exists (
      select from ${sql.table(`scouter.${list}`)} archived where archived.day < border.day)
  `.execute(db);
  return rows[0]?.day;
}

export async function forgetArchived(
  list: ArchivedList,
  beforeDay: string,
  db: Executor,
): Promise<void> {
  await sql`delete from ${sql.table(`scouter.${list}`)} where day < ${beforeDay}::date`.execute(db);
}

/** Of a listed `day`. */
export function isWithin(range: DayRange | undefined): RawBuilder<boolean> {
  if (range === undefined) return sql<boolean>`true`;
  return sql<boolean>`day between ${range.first}::date and ${range.last}::date`;
}
