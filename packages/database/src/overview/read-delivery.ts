import { sql, type RawBuilder } from "kysely";
import { within, type Period } from "../session/period.ts";
import type { Executor } from "../session/session.ts";
import { inSpaces, ofProfilesIn, type SpaceScope } from "../session/space-scope.ts";
import { timeText } from "../session/time.ts";
import { MOST_PENDING_COUNTED, type DeliveryState, type Freshness } from "./overview-repository.ts";

interface DeliveryRow {
  readonly pending: number;
  readonly oldest: string | null;
  readonly age: number | null;
  readonly delivered: number;
  readonly failed: number;
}

export async function delivery(
  request: { readonly spaces: SpaceScope } & Period,
  db: Executor,
): Promise<DeliveryState> {
  const messages = await sql<DeliveryRow>`
    select ${PENDING}, coalesce(sum(e.delivered), 0)::bigint as delivered,
      coalesce(sum(e.failed), 0)::bigint as failed
    from (
      select count(*) as pending, min(o.created_at) as oldest from scouter.alert_outbox o
      where o.due_at is not null and ${ofProfilesIn("o.profile_id", request.spaces)}
    ) w cross join (
      select count(*) filter (where o.status = 'delivered') as delivered,
        count(*) filter (where o.status = 'failed') as failed
      from scouter.alert_outbox o
      where ${within("o.ended_at", request)} and ${ofProfilesIn("o.profile_id", request.spaces)}
    ) e group by w.pending, w.oldest`.execute(db);
  const records = await sql<DeliveryRow>`
    select ${PENDING} from (
      select count(*) as pending, min(received_at) as oldest from (
        select r.received_at from scouter.eval_record r
        where r.due_at is not null and ${ofProfilesIn("r.profile_id", request.spaces)}
        order by r.due_at, r.id limit ${MOST_PENDING_COUNTED}
      ) r
    ) w`.execute(db);
  const outbox = messages.rows[0] as DeliveryRow;
  const { delivered, failed } = outbox;
  return {
    outbox: { ...pendingState(outbox), delivered, failed },
    records: pendingState(records.rows[0] as DeliveryRow),
  };
}

const PENDING = sql`w.pending, ${timeText("w.oldest")} as oldest,
  greatest(0, extract(epoch from now() - w.oldest))::float8 as age`;

/** An age of nothing is null; the database's `greatest` would make it 0. */
function pendingState({ pending, oldest, age }: DeliveryRow) {
  return {
    pending,
    oldestPendingAt: oldest,
    oldestPendingAgeSeconds: oldest === null ? null : age,
  };
}

/** One look into an index for each profile: the largest of a table's times would be a scan of it. */
export async function freshness(spaces: SpaceScope, db: Executor): Promise<Freshness> {
  const { rows } = await sql<Freshness>`
    select ${timeText("f.received")} as "latestRecordReceived",
      ${timeText("f.evaluated")} as "latestEvaluationFinished",
      ${timeText("f.computed")} as "latestWindowComputed"
    from (
      select max(case p.drift_type
          when 'Agent' then coalesce((select o.received_at from scouter.eval_record o
              where o.profile_id = p.id order by o.created_at desc, o.id desc limit 1),
            (select a.last_received_at from scouter.archived_evaluation_total a
              where a.profile_id = p.id))
          when 'Spc' then ${newest("spc_observation")}
          when 'Psi' then ${newest("psi_observation")}
          else ${newest("custom_observation")} end) as received,
        max(coalesce(
          (select max(w.stored_at) from scouter.eval_workflow w where w.profile_id = p.id),
          (select a.last_stored_at from scouter.archived_evaluation_total a
            where a.profile_id = p.id))) as evaluated,
        max((select d.ended_at from scouter.drift_window d
          where d.profile_id = p.id and d.status = 'done'
          order by d.window_end desc limit 1)) as computed
      from scouter.profile p where ${inSpaces("p.space", spaces)}
    ) f`.execute(db);
  return rows[0] as Freshness;
}

function newest(table: string): RawBuilder<unknown> {
  return sql`(select max(o.received_at) from ${sql.table(`scouter.${table}`)} o
    where o.profile_id = p.id)`;
}
