import { sql } from "kysely";
import type { Executor } from "../session/session.ts";
import { storableTime } from "../session/time.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import type { Observation, ObservationOutcome } from "./observation-repository.ts";

/** Together with the pause between two statements less than `VISIBLE_WITHIN_MS`. */
const STATEMENT_LIMIT = "3s";
const IDLE_LIMIT = "1500ms";

interface RefusedRow {
  readonly position: number;
  readonly outcome: Exclude<ObservationOutcome, "stored">;
}

/** The rows of a batch as one JSON text, one parameter whatever the size. */
export function observationBatchText(batch: readonly Observation[]): string {
  return storableJsonText(
    batch.map((observation, position) => ({
      position,
      kind: observation.kind,
      profile_uid: observation.profileUid.toLowerCase(),
      name: observation.series,
      created_at: storableTime(observation.createdAt),
      ...(observation.kind === "Psi"
        ? { bin_id: observation.binId, bin_count: observation.binCount }
        : { value: observation.value }),
    })),
  );
}

/** Ends the transaction when it takes long, so that no row appears after its window was computed. */
export async function limitTransaction(db: Executor): Promise<void> {
  await sql`select set_config('statement_timeout', ${STATEMENT_LIMIT}, true),
    set_config('idle_in_transaction_session_timeout', ${IDLE_LIMIT}, true)`.execute(db);
}

/**
 * One statement: finds profiles and series, inserts into the table of each kind, and returns what it refused. Rows get
 * the time of this statement, not of the transaction, which may have waited for a lock before.
 */
export async function insertObservations(
  text: string,
  db: Executor,
): Promise<readonly RefusedRow[]> {
  const columns = sql`profile_id, series_id, received_at, created_at, position`;
  const values = sql`profile_id, series_id, statement_timestamp(), created_at, position`;
  const { rows } = await sql<RefusedRow>`
    with input as (
      select * from json_to_recordset(${text}::json) as t (
        position integer, kind text, profile_uid text, name text, created_at timestamptz,
        value float8, bin_id integer, bin_count integer)
    ), known as materialized (
      select input.*, p.id as profile_id, p.drift_type, s.id as series_id
      from input left join scouter.profile p on p.uid = input.profile_uid
        left join scouter.observed_series s
          on s.profile_id = p.id and s.name = input.name and s.in_profile
    ), good as (
      select * from known where drift_type = kind and series_id is not null
    ), spc as (
      insert into scouter.spc_observation (${columns}, value)
      select ${values}, value from good where kind = 'Spc' order by position
    ), psi as (
      insert into scouter.psi_observation (${columns}, bin_id, bin_count)
      select ${values}, bin_id, bin_count from good where kind = 'Psi' order by position
    ), custom as (
      insert into scouter.custom_observation (${columns}, value)
      select ${values}, value from good where kind = 'Custom' order by position
    )
    select position, case
        when profile_id is null then 'unknown-profile'
        when drift_type <> kind then 'other-kind'
        else 'unknown-series' end as outcome
    from known where drift_type is distinct from kind or series_id is null`.execute(db);
  return rows;
}

export function observationOutcomes(
  size: number,
  refused: readonly RefusedRow[],
): readonly ObservationOutcome[] {
  const outcomes: ObservationOutcome[] = Array.from({ length: size }, () => "stored");
  for (const { position, outcome } of refused) outcomes[position] = outcome;
  return outcomes;
}
