import { createHash } from "node:crypto";
import { sql } from "kysely";
import { interval } from "../session/interval.ts";
import type { Session } from "../session/session.ts";
import { storableTime, timeText } from "../session/time.ts";
import { makeStorable } from "../storable/make-storable.ts";
import type { TraceBaggage, TraceBaggageRepository } from "./trace-baggage-repository.ts";

/** Of one removal, so that it never holds many rows for long. */
const MAX_FORGOTTEN = 10_000;

export class SqlTraceBaggageRepository implements TraceBaggageRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async store(entries: readonly TraceBaggage[]): Promise<void> {
    if (entries.length === 0) return;
    const storable = makeStorable(
      entries.map(({ traceId, scope, key, value, createdAt }) => ({
        trace_id: traceId,
        scope,
        key,
        value,
        created_at: storableTime(createdAt),
      })),
    ).value;
    const rows = storable.map((row) => ({ ...row, digest: digestOf(row) }));
    await this.#session.run((db) =>
      sql`
        insert into scouter.trace_baggage (trace_id, scope, key, value, digest, created_at)
        select distinct on (trace_id, digest) trace_id, scope, key, value, digest, created_at
        from json_to_recordset(${JSON.stringify(rows)}::json) as t (
          trace_id text, scope text, key text, value text, digest text, created_at timestamptz)
        order by trace_id, digest, created_at
        on conflict (trace_id, digest) do nothing`.execute(db),
    );
  }

  async of(traceId: string): Promise<readonly TraceBaggage[]> {
    const { rows } = await this.#session.run((db) =>
      sql<{ scope: string; key: string; value: string; created_at: string }>`
        select scope, key, value, ${timeText("trace_baggage.created_at")} as created_at
        from scouter.trace_baggage where trace_id = ${traceId}
        order by trace_baggage.created_at, scope collate "C", key collate "C", value collate "C"`.execute(
        db,
      ),
    );
    return rows.map(({ scope, key, value, created_at }) => ({
      traceId,
      scope,
      key,
      value,
      createdAt: created_at,
    }));
  }

  async forget(olderThanMs: number): Promise<number> {
    const { rows } = await this.#session.run((db) =>
      sql<{ forgotten: number }>`
        with old as (
          select id from scouter.trace_baggage
          where created_at <= now() - ${interval(olderThanMs)}
          order by created_at limit ${MAX_FORGOTTEN} for update skip locked
        ), gone as (
          delete from scouter.trace_baggage where id in (select id from old) returning 1
        )
        select count(*)::integer as forgotten from gone`.execute(db),
    );
    return rows[0]?.forgotten ?? 0;
  }
}

function digestOf({ scope, key, value }: { scope: string; key: string; value: string }): string {
  return createHash("sha1")
    .update(JSON.stringify([scope, key, value]))
    .digest("base64");
}
