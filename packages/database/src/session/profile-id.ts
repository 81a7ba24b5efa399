import { sql, type RawBuilder } from "kysely";

/** A profile's id from its uid, as a scalar subquery: the planner then knows that it is one value. */
export function profileId(uid: string): RawBuilder<number> {
  return sql<number>`(select id from scouter.profile where uid = ${uid.toLowerCase()})`;
}
