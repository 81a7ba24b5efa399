import { sql, type RawBuilder } from "kysely";
import { interval } from "../session/interval.ts";
import { checkedLimit } from "../session/limit.ts";
import type { Executor, Session } from "../session/session.ts";
import { storableText } from "../storable/storable-text.ts";
import type {
  AlertOutboxRepository,
  ClaimedMessage,
  DeliveryFailure,
  OutboxClaim,
  OutboxClaimRequest,
  OutboxCounts,
  OutboxMessage,
  OutboxStatus,
} from "./alert-outbox-repository.ts";

const MAX_ERROR_LENGTH = 8_000;
const NO_MESSAGES: OutboxCounts = { pending: 0, sending: 0, delivered: 0, failed: 0 };

interface ClaimRow extends Omit<ClaimedMessage, "claim" | "attempt"> {
  readonly messageId: number;
  readonly fencing: number;
  readonly attempts: number;
}

interface Attempt {
  readonly channel: string;
  readonly outcome: "delivered" | "failed";
  readonly detail: string | null;
}

export class SqlAlertOutboxRepository implements AlertOutboxRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async claim({
    workerId,
    limit,
    leaseMs,
  }: OutboxClaimRequest): Promise<readonly ClaimedMessage[]> {
    checkedLimit(limit);
    const { rows } = await this.#session.run((db) =>
      sql<ClaimRow>`
        with due as (
          select id from scouter.alert_outbox where due_at <= now()
          order by due_at, id limit ${limit} for update skip locked
        )
        update scouter.alert_outbox o set
          status = 'sending',
          fencing = o.fencing + 1,
          attempts = o.attempts + (o.status = 'sending')::integer,
          due_at = now() + ${interval(leaseMs)},
          claimed_by = ${workerId}
        from due where o.id = due.id
        returning o.id as "messageId", o.fencing, o.dedup_key as "dedupKey", o.message, o.attempts
      `.execute(db),
    );
    return rows
      .toSorted((a, b) => a.messageId - b.messageId)
      .map(({ messageId, fencing, attempts, ...message }) => ({
        ...message,
        claim: { messageId, fencing },
        attempt: attempts + 1,
      }));
  }

  delivered(claim: OutboxClaim, { channel }: { readonly channel: string }): Promise<boolean> {
    const next = sql`status = 'delivered', due_at = null, ended_at = now(), last_error = null`;
    return this.#end(claim, next, { channel, outcome: "delivered", detail: null });
  }

  failed(claim: OutboxClaim, { channel, error, retryInMs }: DeliveryFailure): Promise<boolean> {
    const detail = storableText(error, MAX_ERROR_LENGTH);
    const next =
      retryInMs === undefined
        ? sql`status = 'failed', due_at = null, ended_at = now(), last_error = ${detail}`
        : sql`status = 'pending', due_at = now() + ${interval(retryInMs)}, last_error = ${detail}`;
    return this.#end(claim, next, { channel, outcome: "failed", detail });
  }

  async releaseAll(workerId: string): Promise<number> {
    const { numAffectedRows = 0n } = await this.#session.run((db) =>
      sql`
        update scouter.alert_outbox set status = 'pending', due_at = now(), claimed_by = null
        where claimed_by = ${workerId} and status = 'sending'`.execute(db),
    );
    return Number(numAffectedRows);
  }

  async list(request: {
    readonly profileUid: string;
    readonly limit: number;
  }): Promise<readonly OutboxMessage[]> {
    const limit = checkedLimit(request.limit);
    const { rows } = await this.#session.run((db) =>
      sql<OutboxMessage>`
        select o.dedup_key as "dedupKey", o.message, o.status, o.attempts,
          o.last_error as "lastError",
          (select coalesce(json_agg(json_build_object(
              'channel', d.channel, 'outcome', d.outcome, 'detail', d.detail) order by d.id), '[]')
            from scouter.alert_delivery d where d.outbox_id = o.id) as deliveries
        from scouter.profile p join scouter.alert_outbox o on o.profile_id = p.id
        where p.uid = ${request.profileUid.toLowerCase()} order by o.id desc limit ${limit}
      `.execute(db),
    );
    return rows;
  }

  async counts(): Promise<OutboxCounts> {
    const { rows } = await this.#session.run((db) =>
      sql<{ status: OutboxStatus; messages: number }>`
        select status, count(*) as messages from scouter.alert_outbox group by status`.execute(db),
    );
    return { ...NO_MESSAGES, ...Object.fromEntries(rows.map((row) => [row.status, row.messages])) };
  }

  #end(claim: OutboxClaim, next: RawBuilder<unknown>, attempt: Attempt): Promise<boolean> {
    return this.#session.transaction(async (db) => {
      await logAttempt(claim, attempt, db);
      const { numAffectedRows } = await sql`
        update scouter.alert_outbox set ${next}, attempts = attempts + 1, claimed_by = null
        where id = ${claim.messageId} and fencing = ${claim.fencing} and status = 'sending'
      `.execute(db);
      return numAffectedRows === 1n;
    });
  }
}

async function logAttempt(claim: OutboxClaim, attempt: Attempt, db: Executor): Promise<void> {
  const { channel, outcome, detail } = attempt;
  await sql`
    insert into scouter.alert_delivery (outbox_id, channel, outcome, detail)
    values (${claim.messageId}, ${channel}, ${outcome}, ${detail})`.execute(db);
}
