import type { DriftAlert, DriftAlertPaginationRequest, Page } from "@scouter/contracts";
import { sql } from "kysely";
import { cursorPage } from "../session/cursor-page.ts";
import type { Session } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import type { AlertEntry, AlertList, AlertListRequest, AlertMessage } from "./alert-list.ts";
import { alertEntry, alertList, alertMessages } from "./read-alerts.ts";
import type { AlertCounts, AlertRepository, StoredAlertState } from "./alert-repository.ts";

export class SqlAlertRepository implements AlertRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  page(request: DriftAlertPaginationRequest): Promise<Page<DriftAlert>> {
    return this.#session.run(async (db) => {
      const page = cursorPage(request, "a");
      const { active } = request;
      const ofStatus = active == null ? sql`` : sql`and a.active = ${active}::boolean`;
      const { rows } = await sql<DriftAlert>`
        select ${timeText("a.created_at")} as created_at, a.entity_name, a.alert, a.id, a.active
        from scouter.profile p join scouter.alert a on a.profile_id = p.id
        where p.uid = ${request.uid.toLowerCase()} ${ofStatus} ${page.conditions}
        ${page.order} limit ${page.fetchLimit}`.execute(db);
      return page.cut(rows);
    });
  }

  list(request: AlertListRequest): Promise<AlertList> {
    return this.#session.run((db) => alertList(request, db));
  }

  entry(id: number): Promise<AlertEntry | undefined> {
    return this.#session.run((db) => alertEntry(id, db));
  }

  messages({ profile, firstWindowEnd, feature }: AlertEntry): Promise<readonly AlertMessage[]> {
    const told = { profileUid: profile.uid, windowEnd: firstWindowEnd, feature };
    return this.#session.run((db) => alertMessages(told, db));
  }

  async setActive(id: number, active: boolean): Promise<boolean> {
    const { numAffectedRows } = await this.#session.run((db) =>
      sql`
        update scouter.alert set active = ${active}::boolean, updated_at = now(),
          acknowledged_at = case when not ${active}::boolean and resolved_at is null
            then coalesce(acknowledged_at, now()) end
        where id = ${id}
      `.execute(db),
    );
    return numAffectedRows === 1n;
  }

  async profileOf(id: number): Promise<string | undefined> {
    const { rows } = await this.#session.run((db) =>
      sql<{ uid: string }>`
        select p.uid from scouter.alert a join scouter.profile p on p.id = a.profile_id
        where a.id = ${id}`.execute(db),
    );
    return rows[0]?.uid;
  }

  async spaceOf(id: number): Promise<string | undefined> {
    const { rows } = await this.#session.run((db) =>
      sql<{ space: string }>`
        select p.space from scouter.alert a join scouter.profile p on p.id = a.profile_id
        where a.id = ${id}`.execute(db),
    );
    return rows[0]?.space;
  }

  async states(profileUid: string): Promise<readonly StoredAlertState[]> {
    return (await this.statesOf([profileUid])).get(profileUid) ?? [];
  }

  async statesOf(
    profileUids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly StoredAlertState[]>> {
    const given = JSON.stringify(profileUids);
    const { rows } = await this.#session.run((db) =>
      sql<StoredAlertState & { uid: string }>`
        select t.uid, s.key, s.entity_name as "entityName", s.state
        from json_array_elements_text(${given}::json) as t (uid)
          join scouter.profile p on p.uid = lower(t.uid)
          join scouter.alert_state s on s.profile_id = p.id
        order by t.uid, s.key`.execute(db),
    );
    const states = new Map<string, StoredAlertState[]>();
    for (const { uid, ...state } of rows) {
      states.set(uid, [...(states.get(uid) ?? []), state]);
    }
    return states;
  }

  async counts(profileUid?: string): Promise<AlertCounts> {
    const ofProfile =
      profileUid === undefined
        ? sql``
        : sql`where profile_id = (select id from scouter.profile where uid = ${profileUid.toLowerCase()})`;
    const { rows } = await this.#session.run((db) =>
      sql<AlertCounts>`
        select count(*) filter (where active) as active, count(*) as total
        from scouter.alert ${ofProfile}`.execute(db),
    );
    return rows[0] as AlertCounts;
  }
}
