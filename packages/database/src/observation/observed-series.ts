import type { DriftType, Json, JsonObject } from "@scouter/contracts";
import { sql, type RawBuilder } from "kysely";
import { profileId } from "../session/profile-id.ts";
import type { Executor } from "../session/session.ts";

/** The features or metrics that a profile of this kind can be observed by; none for agents. */
export function seriesNames(driftType: DriftType, profile: JsonObject): readonly string[] {
  if (driftType === "Agent") return [];
  const named: Json | undefined = profile[driftType === "Custom" ? "metrics" : "features"];
  return named !== null && typeof named === "object" ? Object.keys(named) : [];
}

/**
 * To be joined to observations `o`, as `s`: the series of the profile alone. Without its id the planner may hash those of all
 * profiles, which is most of the work when there are thousands.
 */
export function seriesOf(uid: string): RawBuilder<unknown> {
  return sql`scouter.observed_series s on s.id = o.series_id and s.profile_id = ${profileId(uid)}`;
}

/** Makes the series of a profile those that its body names. Rows of former ones stay readable under their name. */
export async function keepSeries(
  profile: { readonly uid: string; readonly driftType: DriftType; readonly profile: JsonObject },
  db: Executor,
): Promise<void> {
  const names = JSON.stringify(seriesNames(profile.driftType, profile.profile));
  await sql`
    with owner as (select id from scouter.profile where uid = ${profile.uid}),
    named as (select distinct value as name from json_array_elements_text(${names}::json)),
    dropped as (
      update scouter.observed_series s set in_profile = false from owner
      where s.profile_id = owner.id and s.name not in (select name from named)
    )
    insert into scouter.observed_series (profile_id, name)
    select owner.id, named.name from owner, named order by named.name
    on conflict (profile_id, name) do update set in_profile = true`.execute(db);
}
