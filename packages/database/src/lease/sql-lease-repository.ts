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

  async release(name: string, holder: string): Promise<void> {
    await this.#session.run((db) =>
      sql`delete from scouter.lease where name = ${name} and holder = ${holder}`.execute(db),
    );
  }
}
