import { sql } from "kysely";
import { interval } from "../session/interval.ts";
import type { Session } from "../session/session.ts";
import type { LeaseRepository, LeaseRequest } from "./lease-repository.ts";

export class SqlLeaseRepository implements LeaseRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async acquire({ name, holder, leaseMs }: LeaseRequest): Promise<boolean> {
    const { rows } = await this.#session.run((db) =>
      sql`
        insert into scouter.lease as l (name, holder, expires_at)
        values (${name}, ${holder}, now() + ${interval(leaseMs)})
        on conflict (name) do update set
          holder = excluded.holder,
          expires_at = excluded.expires_at
        where l.holder = excluded.holder or l.expires_at <= now()
        returning 1`.execute(db),
    );
    return rows.length > 0;
  }

  async acquireEpoch(
    { name, holder, leaseMs }: LeaseRequest,
    above: number,
  ): Promise<number | undefined> {
    const { rows } = await this.#session.run((db) =>
      sql<{ epoch: string | number }>`
        insert into scouter.lease as l (name, holder, expires_at, epoch)
        values (${name}, ${holder}, now() + ${interval(leaseMs)}, ${above} + 1)
        on conflict (name) do update set
          holder = excluded.holder,
          expires_at = excluded.expires_at,
          epoch = greatest(l.epoch + 1, excluded.epoch)
        where l.holder = excluded.holder or l.expires_at <= now()
        returning epoch`.execute(db),
    );
    return rows[0] && Number(rows[0].epoch);
  }

  async release(name: string, holder: string): Promise<void> {
    await this.#session.run((db) =>
      sql`update scouter.lease set expires_at = '-infinity', holder = ''
        where name = ${name} and holder = ${holder}`.execute(db),
    );
  }
}
