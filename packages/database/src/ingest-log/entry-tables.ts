import type { NewIngestEntry, RejectedSpan, StoredIngestEntry } from "@scouter/lake/ingest-log";
import type { Pool, PoolClient } from "pg";

const SLOTS = [0, 1, 2, 3] as const;
/** Entries read at once: at the usual 5 KB a few hundred KB. */
const PAGE_ENTRIES = 64;
/** "Scouter's log turns": only one process at a time moves on. */
const ROTATION_LOCK = 5_317_204_411;
const LOCK_TIMEOUT_MS = 100;

interface EntryRow {
  readonly sequence: number;
  readonly format: NewIngestEntry["format"];
  readonly received_at: number;
  readonly digest: Buffer;
  readonly rejected: string | null;
  readonly payload: Buffer;
}

/** Entries of an owner behind `afterSequence` and behind what is released, in order. */
export async function* readEntries(
  pool: Pool,
  owner: string,
  afterSequence: number,
): AsyncGenerator<StoredIngestEntry, void> {
  let last = afterSequence;
  for (;;) {
    const { rows } = await pool.query<EntryRow>(
      `select entry.sequence, entry.format, entry.received_at, entry.digest, entry.rejected, entry.payload
        from scouter.ingest_owner owner join scouter.ingest_entry entry using (owner)
        where entry.owner = $1 and entry.sequence > $2 and entry.sequence > owner.released_through
        order by entry.sequence limit ${PAGE_ENTRIES}`,
      [owner, last],
    );
    for (const row of rows) {
      yield storedEntry(row);
      last = row.sequence;
    }
    if (rows.length < PAGE_ENTRIES) return;
  }
}

function storedEntry(row: EntryRow): StoredIngestEntry {
  return {
    sequence: row.sequence,
    format: row.format,
    receivedAt: row.received_at,
    digest: Uint8Array.from(row.digest),
    rejected: readRejected(row.rejected),
    payload: Uint8Array.from(row.payload),
  };
}

/** Most entries have no rejected span: null then. JSON as text, since it escapes what PostgreSQL cannot hold. */
export function writeRejected(rejected: readonly RejectedSpan[]): string | null {
  return rejected.length === 0 ? null : JSON.stringify(rejected);
}

export function readRejected(text: string | null): readonly RejectedSpan[] {
  return text === null ? [] : (JSON.parse(text) as readonly RejectedSpan[]);
}

/**
 * Truncates the tables whose entries are all released, and turns to the next empty one when the current table has
 * `rotateBytes` or more.
 *
 * A table is locked before it is looked at: an append that chose it before the turn has ended by then, or waits and
 * comes after the truncation. The lock is not waited for long, because reads queue up behind it.
 */
export async function rotateEntryTables(pool: Pool, rotateBytes: number): Promise<void> {
  const current = await currentSlot(pool);
  for (const slot of SLOTS) {
    if (slot !== current) await truncateReleased(pool, slot);
  }
  await pool.query(
    `update scouter.ingest_rotation set slot = $2
      where slot = $1 and pg_total_relation_size($3::regclass) >= $5
        and not exists (select from scouter.ingest_entry where slot = $2)
        and pg_total_relation_size($4::regclass) < $5`,
    [current, nextSlot(current), tableOf(current), tableOf(nextSlot(current)), rotateBytes],
  );
}

async function currentSlot(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ slot: number }>("select slot from scouter.ingest_rotation");
  return rows[0]?.slot ?? 0;
}

async function truncateReleased(pool: Pool, slot: number): Promise<void> {
  const table = tableOf(slot);
  const { rows } = await pool.query(`select from ${table} limit 1`);
  if (rows.length === 0) return;
  await inTransaction(pool, async (client) => {
    await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    const lock = await client.query<{ taken: boolean }>(
      "select pg_try_advisory_xact_lock($1) as taken",
      [ROTATION_LOCK],
    );
    if (lock.rows[0]?.taken !== true) return;
    await client.query(`lock table ${table} in access exclusive mode`);
    const held = await client.query(
      `select from ${table} entry join scouter.ingest_owner owner using (owner)
        where entry.sequence > owner.released_through limit 1`,
    );
    const isCurrent = await client.query("select from scouter.ingest_rotation where slot = $1", [
      slot,
    ]);
    if (held.rowCount === 0 && isCurrent.rowCount === 0) await client.query(`truncate ${table}`);
  });
}

async function inTransaction(
  pool: Pool,
  work: (client: PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await work(client);
    await client.query("commit");
    client.release();
  } catch (error) {
    client.release(true); // ends the connection and with it the transaction, whatever its state is
    throw error;
  }
}

function nextSlot(slot: number): number {
  return (slot + 1) % SLOTS.length;
}

function tableOf(slot: number): string {
  return `scouter.ingest_entry_${slot}`;
}
