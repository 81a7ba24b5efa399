import { sql } from "kysely";
import type { Session } from "../session/session.ts";
import type { SettingRepository } from "./setting-repository.ts";

export class SqlSettingRepository implements SettingRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async get(key: string): Promise<string | undefined> {
    const row = await this.#session.run((db) =>
      db
        .withSchema("scouter")
        .selectFrom("setting")
        .select("value")
        .where("key", "=", key)
        .executeTakeFirst(),
    );
    return row?.value;
  }

  /** Two statements: the first waits for a concurrent writer, the second sees whose value stayed. */
  putIfAbsent(key: string, value: string): Promise<string> {
    return this.#session.transaction(async (db) => {
      const settings = db.withSchema("scouter");
      await settings
        .insertInto("setting")
        .values({ key, value })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const row = await settings
        .selectFrom("setting")
        .select("value")
        .where("key", "=", key)
        .executeTakeFirstOrThrow();
      return row.value;
    });
  }

  async put(key: string, value: string): Promise<void> {
    await this.#session.run((db) =>
      sql`
        insert into scouter.setting (key, value) values (${key}, ${value})
        on conflict (key) do update set value = excluded.value, updated_at = now()`.execute(db),
    );
  }
}
