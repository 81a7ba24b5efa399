import { sql } from "kysely";

/** The columns of `ProfileReference`, of a profile `p`. */
export const PROFILE_REFERENCE = sql`p.uid, p.space, p.name, p.version, p.drift_type as kind`;

/** The same as one JSON value. */
export const PROFILE_REFERENCE_JSON = sql`json_build_object('uid', p.uid, 'space', p.space,
  'name', p.name, 'version', p.version, 'kind', p.drift_type)`;
