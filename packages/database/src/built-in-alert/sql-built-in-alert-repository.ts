import { sql, type RawBuilder } from "kysely";
import type { Session } from "../session/session.ts";
import {
  amissProfiles,
  DEAD_RECORDS,
  silentFor,
  undelivered,
  UNREADABLE_SCHEDULES,
  windowsThat,
} from "./amiss-profiles.ts";
import type {
  AmissProfile,
  BuiltInAlertChange,
  BuiltInAlertRepository,
  OpenBuiltInAlert,
} from "./built-in-alert-repository.ts";
import { settleBuiltInAlerts } from "./settle-built-in-alerts.ts";

export class SqlBuiltInAlertRepository implements BuiltInAlertRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  failedWindows(withinMs: number): Promise<readonly AmissProfile[]> {
    return this.#amiss(windowsThat("failed", withinMs));
  }

  missedWindows(withinMs: number): Promise<readonly AmissProfile[]> {
    return this.#amiss(windowsThat("skipped", withinMs));
  }

  undeliveredAlerts(withinMs: number): Promise<readonly AmissProfile[]> {
    return this.#amiss(undelivered(withinMs));
  }

  deadRecords(): Promise<readonly AmissProfile[]> {
    return this.#amiss(DEAD_RECORDS);
  }

  unreadableSchedules(): Promise<readonly AmissProfile[]> {
    return this.#amiss(UNREADABLE_SCHEDULES);
  }

  silentProfiles(windows: number): Promise<readonly AmissProfile[]> {
    return this.#amiss(silentFor(windows));
  }

  async open(): Promise<readonly OpenBuiltInAlert[]> {
    const { rows } = await this.#session.run((db) =>
      sql<Pick<OpenBuiltInAlert, "rule" | "openedAtMs"> & OpenBuiltInAlert["profile"]>`
        select b.rule, round(extract(epoch from b.opened_at) * 1000)::bigint as "openedAtMs",
          p.uid, p.space, p.name, p.version, p.drift_type as "driftType"
        from scouter.built_in_alert b join scouter.profile p on p.id = b.profile_id
        order by b.rule, p.id`.execute(db),
    );
    return rows.map(({ rule, openedAtMs, ...profile }) => ({ rule, openedAtMs, profile }));
  }

  settle(changes: readonly BuiltInAlertChange[]): Promise<number> {
    if (changes.length === 0) return Promise.resolve(0);
    return this.#session.run((db) => settleBuiltInAlerts(changes, db));
  }

  #amiss(found: RawBuilder<unknown>): Promise<readonly AmissProfile[]> {
    return this.#session.run((db) => amissProfiles(found, db));
  }
}
