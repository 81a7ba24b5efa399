import { sql, type RawBuilder } from "kysely";

/** Whose profiles a question is about: of these spaces, or of every space. */
export type SpaceScope = "all" | readonly string[];

/** True of profiles in the scope; `column` holds their space. */
export function inSpaces(column: string, spaces: SpaceScope): RawBuilder<boolean> {
  if (spaces === "all") return sql<boolean>`true`;
  if (spaces.length === 0) return sql<boolean>`false`;
  return sql<boolean>`${sql.ref(column)} in (${sql.join(spaces)})`;
}

/** The same of a row that names its profile by id. */
export function ofProfilesIn(column: string, spaces: SpaceScope): RawBuilder<boolean> {
  if (spaces === "all") return sql<boolean>`true`;
  return sql<boolean>`${sql.ref(column)} in (
    select id from scouter.profile where ${inSpaces("space", spaces)})`;
}
