import { sql } from "kysely";
import type { Session } from "../session/session.ts";
import type {
  JudgeSpendRepository,
  SpendReservation,
  SpendReservationRequest,
  SpendSettlement,
} from "./judge-spend-repository.ts";

const NANO = 1e9;

/** Rounded up, so that many small reservations are no more than they say. */
function nanoUsd(usd: number): number {
  return Math.ceil(usd * NANO);
}

export class SqlJudgeSpendRepository implements JudgeSpendRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** One statement decides: the row's lock puts reservations of one owner and day in a line. */
  async reserve({ owner, usd, limitUsd }: SpendReservationRequest): Promise<SpendReservation> {
    const [nano, limit] = [nanoUsd(usd), Math.floor(limitUsd * NANO)];
    const { rows } = await this.#session.run((db) =>
      sql<{ day: string }>`
        insert into scouter.judge_spend as s (owner, day, nano_usd)
        select ${owner}::text, (now() at time zone 'UTC')::date, ${nano}::bigint
        where ${nano}::bigint <= ${limit}::bigint
        on conflict (owner, day) do update set nano_usd = s.nano_usd + excluded.nano_usd
        where s.nano_usd + excluded.nano_usd <= ${limit}::bigint
        returning to_char(s.day, 'YYYY-MM-DD') as day`.execute(db),
    );
    const [row] = rows;
    if (row !== undefined) return { granted: true, day: row.day };
    return { granted: false, leftUsd: Math.max(0, limitUsd - (await this.spentToday(owner))) };
  }

  async settle({ owner, day, reservedUsd, usd }: SpendSettlement): Promise<void> {
    const change = nanoUsd(usd) - nanoUsd(reservedUsd);
    await this.#session.run((db) =>
      sql`update scouter.judge_spend set nano_usd = greatest(0, nano_usd + ${change}::bigint)
        where owner = ${owner} and day = ${day}::date`.execute(db),
    );
  }

  async spentToday(owner: string): Promise<number> {
    const { rows } = await this.#session.run((db) =>
      sql<{ nano: number | string }>`
        select nano_usd as nano from scouter.judge_spend
        where owner = ${owner} and day = (now() at time zone 'UTC')::date`.execute(db),
    );
    return Number(rows[0]?.nano ?? 0) / NANO;
  }
}
