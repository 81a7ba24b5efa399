import type { Pool } from "pg";

export interface OwnerTableOptions {
  readonly pool: Pool;
  /** The owner of this process. */
  readonly owner: string;
  readonly leaseMs: number;
}

/** Owners and their leases. Time is the database's: clocks of several machines need not agree. */
export class OwnerTable {
  readonly #pool: Pool;
  readonly #owner: string;
  readonly #leaseMs: number;

  constructor(options: OwnerTableOptions) {
    this.#pool = options.pool;
    this.#owner = options.owner;
    this.#leaseMs = options.leaseMs;
  }

  /** False when the owner is there already. */
  async register(): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `insert into scouter.ingest_owner (owner, holder, lease_until)
        values ($1, $1, clock_timestamp() + $2 * interval '1 millisecond')
        on conflict do nothing`,
      [this.#owner, this.#leaseMs],
    );
    return rowCount === 1;
  }

  /** Renews the leases of everything this process holds; false when its own owner was adopted. */
  async renew(): Promise<boolean> {
    const { rows } = await this.#pool.query<{ owner: string }>(
      `update scouter.ingest_owner set lease_until = clock_timestamp() + $2 * interval '1 millisecond'
        where holder = $1 and (owner <> $1 or state = 'open') returning owner`,
      [this.#owner, this.#leaseMs],
    );
    return rows.some(({ owner }) => owner === this.#owner);
  }

  /** Closes the owner, unless another process that is alive has adopted it. False when it is not ours then. */
  async adopt(owner: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `update scouter.ingest_owner
        set epoch = epoch + 1, state = 'closed', holder = $2,
          lease_until = clock_timestamp() + $3 * interval '1 millisecond'
        where owner = $1 and (state = 'open' or holder in (owner, $2) or lease_until < clock_timestamp())`,
      [owner, this.#owner, this.#leaseMs],
    );
    return rowCount === 1;
  }

  /** Owners to be replayed by this process, with the bytes they hold; forgets ended ones that hold nothing. */
  async adoptable(): Promise<ReadonlyMap<string, number>> {
    await this.#pool.query(
      `delete from scouter.ingest_owner
        where owner <> $1 and lease_until < clock_timestamp() and last_sequence <= released_through`,
      [this.#owner],
    );
    const { rows } = await this.#pool.query<{ owner: string; bytes: number }>(
      `select owner, ${HELD_BYTES} as bytes from scouter.ingest_owner
        where (owner <> $1 or state = 'closed') and (holder = $1 or lease_until < clock_timestamp())
          and last_sequence > released_through
        order by owner`,
      [this.#owner],
    );
    return new Map(rows.map(({ owner, bytes }) => [owner, bytes]));
  }

  /** Moves the mark of what is in every table; a closed owner without entries goes. Bytes that it still holds. */
  async release(owner: string, throughSequence: number): Promise<number> {
    const { rows } = await this.#pool.query<{ bytes: number; is_done: boolean }>(
      `update scouter.ingest_owner
        set released_through = greatest(released_through, least($2, last_sequence))
        where owner = $1
        returning case when owner = $3 then 0 else ${HELD_BYTES} end as bytes,
          state = 'closed' and released_through = last_sequence as is_done`,
      [owner, throughSequence, this.#owner],
    );
    const row = rows[0];
    if (row?.is_done !== true) return row?.bytes ?? 0;
    await this.#pool.query(
      `delete from scouter.ingest_owner
        where owner = $1 and state = 'closed' and released_through = last_sequence`,
      [owner],
    );
    return 0;
  }

  async exists(owner: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `select from scouter.ingest_owner where owner = $1`,
      [owner],
    );
    return rowCount === 1;
  }

  /** Ends every lease that this process holds, so that others need not wait for it; closes its own owner. */
  async leave(): Promise<void> {
    await this.#pool.query(
      `update scouter.ingest_owner
        set lease_until = clock_timestamp() - interval '1 millisecond', state = 'closed'
        where holder = $1`,
      [this.#owner],
    );
    await this.#pool.query(
      `delete from scouter.ingest_owner
        where owner = $1 and state = 'closed' and released_through = last_sequence`,
      [this.#owner],
    );
  }
}

/** Of the owner in the row. A value's length is known without reading the value. */
const HELD_BYTES = `(
  select coalesce(sum(octet_length(entry.payload) + 100), 0)::bigint from scouter.ingest_entry entry
  where entry.owner = ingest_owner.owner and entry.sequence > ingest_owner.released_through)`;
