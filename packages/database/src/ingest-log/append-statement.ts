/**
 * One statement, so one transaction and one round trip, for a group of entries whose digests differ.
 *
 * It numbers the entries whose digest is not known, moves the owner's mark, stores digests and entries, and answers one
 * row per entry given. `fence` is the only way to a stored row: an owner that was adopted, or whose mark is not where
 * the appender believes, stores nothing and gets `fenced = 0`.
 *
 * Two processes may store the same digest at the same time. The later one waits for the earlier, then finds that a
 * digest it has numbered was not stored, and its numbers would have a gap: it must start again. The division by zero
 * in the end rolls everything back, and the caller recognises its SQLSTATE.
 */
export function appendStatement(rowCount: number): string {
  const rows = Array.from({ length: rowCount }, (_, row) => valuesRow(row)).join(", ");
  return `
    with given (position, digest, format, received_at, rejected, payload) as (values ${rows}),
    known as (
      select kept.digest, kept.owner, kept.sequence, kept.rejected
      from scouter.ingest_digest kept
      where kept.digest in (select given.digest from given) and kept.appended_at > $5
    ),
    numbered as (
      select given.*, $3::bigint + row_number() over (order by given.position) as sequence
      from given where not exists (select from known where known.digest = given.digest)
    ),
    fence as (
      update scouter.ingest_owner
      set last_sequence = $3::bigint + (select count(*) from numbered),
        lease_until = greatest(lease_until, clock_timestamp() + $6 * interval '1 millisecond')
      where owner = $1 and epoch = $2 and state = 'open' and last_sequence = $3
      returning owner
    ),
    marked as (
      insert into scouter.ingest_digest as kept (digest, owner, sequence, appended_at, rejected)
      select numbered.digest, fence.owner, numbered.sequence, $4, numbered.rejected
      from numbered cross join fence
      order by numbered.digest
      on conflict (digest) do update
      set owner = excluded.owner, sequence = excluded.sequence,
        appended_at = excluded.appended_at, rejected = excluded.rejected
      where kept.appended_at <= $5
      returning 1
    ),
    stored as (
      insert into scouter.ingest_entry
        (slot, owner, sequence, format, received_at, digest, rejected, payload)
      select rotation.slot, fence.owner, numbered.sequence, numbered.format,
        numbered.received_at, numbered.digest, numbered.rejected, numbered.payload
      from numbered cross join fence cross join scouter.ingest_rotation rotation
      returning 1
    )
    select coalesce(known.owner, $1) as owner,
      coalesce(known.sequence, numbered.sequence) as sequence,
      known.digest is not null as known, known.rejected,
      (select count(*) from fence)
        / ((select count(*) from marked) = (select count(*) from stored))::integer as fenced
    from given left join known using (digest) left join numbered using (position)
    order by given.position`;
}

/** $1 owner, $2 epoch, $3 last sequence, $4 now, $5 digests up to then are forgotten, $6 lease in milliseconds. */
const FIXED_PARAMETERS = 6;
const ROW_TYPES = ["integer", "bytea", "text", "double precision", "text", "bytea"] as const;

function valuesRow(row: number): string {
  const first = FIXED_PARAMETERS + row * ROW_TYPES.length + 1;
  return `(${ROW_TYPES.map((type, column) => `$${first + column}::${type}`).join(", ")})`;
}

/** SQLSTATE of the division by zero. */
export const LOST_RACE = "22012";
