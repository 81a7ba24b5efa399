import { sql } from "kysely";
import { storeMessages } from "../alert/store-messages.ts";
import type { Executor, Session } from "../session/session.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import type {
  DeadLetterAlertRepository,
  DeadLetterChange,
  DeadLetterTelling,
} from "./dead-letter-alert-repository.ts";

interface ChangeRow extends Omit<DeadLetterChange, "profile"> {
  readonly uid: string;
  readonly space: string;
  readonly name: string;
  readonly version: string;
  readonly driftType: DeadLetterChange["profile"]["driftType"];
  readonly profile: DeadLetterChange["profile"]["profile"];
}

interface Held {
  readonly profileId: number;
  readonly alertId: number | null;
}

export class SqlDeadLetterAlertRepository implements DeadLetterAlertRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async changes(): Promise<readonly DeadLetterChange[]> {
    const { rows } = await this.#session.run((db) => deadLetterChanges(db));
    return rows.map(({ source, action, count, told, lastError, atMs, ...profile }) => ({
      source,
      action,
      count,
      told,
      lastError,
      atMs,
      profile,
    }));
  }

  tell(change: DeadLetterChange, telling: DeadLetterTelling): Promise<boolean> {
    return this.#session.transaction(async (db) => {
      const held = await holdFor(change, db);
      if (held === undefined) return false;
      await storeAlert(held, change, telling, db);
      await storeMessages(held.profileId, telling.messages, db);
      return true;
    });
  }
}

/** Both counts are of partial indexes that hold dead letters only, so a database without any answers at once. */
function deadLetterChanges(db: Executor) {
  return sql<ChangeRow>`
    with dead as (
      select profile_id, 'records' as source, count(*) as count from scouter.eval_record
      where status = 'Failed' and discarded_at is null group by profile_id
      union all
      select profile_id, 'windows', count(*) from scouter.drift_window
      where status = 'failed' group by profile_id
    )
    select source, case when a.count is null then 'opened' when dead.count is null then 'resolved'
        else 'ongoing' end as action,
      coalesce(dead.count, 0) as count, coalesce(a.count, 0) as told,
      case source when 'records' then (
          select r.last_error from scouter.eval_record r where r.profile_id = p.id
            and r.status = 'Failed' and r.discarded_at is null order by r.id desc limit 1)
        else (select w.last_error from scouter.drift_window w where w.profile_id = p.id
          and w.status = 'failed' order by w.id desc limit 1) end as "lastError",
      floor(extract(epoch from now()) * 1000)::bigint as "atMs",
      p.uid, p.space, p.name, p.version, p.drift_type as "driftType", p.profile
    from dead full join scouter.dead_letter_alert a using (profile_id, source)
      join scouter.profile p on p.id = profile_id
    where a.count is distinct from dead.count
    order by p.id, source limit 1000`.execute(db);
}

/** The row of the alert, locked; undefined when somebody else told of this change. */
async function holdFor(change: DeadLetterChange, db: Executor): Promise<Held | undefined> {
  const { source, action, count, told, profile } = change;
  const ofProfile = sql`(select id from scouter.profile where uid = ${profile.uid})`;
  const known = sql`where profile_id = ${ofProfile} and source = ${source} and count = ${told}`;
  const held = sql`returning profile_id as "profileId", alert_id as "alertId"`;
  const statement = {
    opened: sql<Held>`insert into scouter.dead_letter_alert (profile_id, source, count)
      values (${ofProfile}, ${source}, ${count}) on conflict do nothing ${held}`,
    ongoing: sql<Held>`update scouter.dead_letter_alert set count = ${count} ${known} ${held}`,
    resolved: sql<Held>`delete from scouter.dead_letter_alert ${known} ${held}`,
  }[action];
  const { rows } = await statement.execute(db);
  return rows[0];
}

async function storeAlert(
  { profileId, alertId }: Held,
  { source, action, atMs }: DeadLetterChange,
  { entityName, alert }: DeadLetterTelling,
  db: Executor,
): Promise<void> {
  const at = sql`to_timestamp(${atMs}::float8 / 1000)`;
  const text = storableJsonText(alert);
  if (action === "opened") {
    await sql`
      with opened as (
        insert into scouter.alert (profile_id, key, entity_name, alert, window_end, last_window_end)
        values (${profileId}, ${`dead-letters/${source}`}, ${entityName}, ${text}::json,
          ${at}, ${at})
        returning id
      )
      update scouter.dead_letter_alert set alert_id = opened.id from opened
      where profile_id = ${profileId} and source = ${source}`.execute(db);
    return;
  }
  const next =
    action === "ongoing"
      ? sql`alert = ${text}::json, last_window_end = ${at}`
      : sql`active = false, resolved_at = now()`;
  await sql`update scouter.alert set ${next}, updated_at = now() where id = ${alertId}`.execute(db);
}
