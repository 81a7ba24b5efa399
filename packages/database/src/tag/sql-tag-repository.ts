import type { TagRecord } from "@scouter/contracts";
import { sql } from "kysely";
import type { Session } from "../session/session.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import type { TagQuery, TagRepository } from "./tag-repository.ts";

export class SqlTagRepository implements TagRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async upsert(tags: readonly TagRecord[]): Promise<number> {
    if (tags.length === 0) return 0;
    const text = storableJsonText(tags);
    const { rows } = await this.#session.run((db) =>
      sql<{ different: number }>`
        with input as (
          select distinct entity_type, entity_id, key, value
          from json_to_recordset(${text}::json)
            as t (entity_type text, entity_id text, key text, value text)
        ), inserted as (
          insert into scouter.tag (entity_type, entity_id, key, value)
          select * from input order by entity_type, entity_id, key, value
          on conflict do nothing
        )
        select count(*) as different from input`.execute(db),
    );
    return rows[0]?.different ?? 0;
  }

  of(entityType: string, entityId: string): Promise<readonly TagRecord[]> {
    return this.#session.run((db) =>
      db
        .withSchema("scouter")
        .selectFrom("tag")
        .select(["entity_type", "entity_id", "key", "value"])
        .where("entity_type", "=", entityType)
        .where("entity_id", "=", entityId)
        .orderBy("key")
        .orderBy("value")
        .execute(),
    );
  }

  async entityIdsByTags(query: TagQuery): Promise<readonly string[]> {
    const { entityType, tags, matchAll, after, limit } = query;
    if (tags.length === 0) return [];
    const text = storableJsonText(tags);
    const { rows } = await this.#session.run((db) =>
      sql<{ entity_id: string }>`
        with wanted as (
          select distinct key, value
          from json_to_recordset(${text}::json) as t (key text, value text)
        )
        select tag.entity_id from scouter.tag join wanted using (key, value)
        where tag.entity_type = ${entityType}
          and (${after ?? null}::text is null or tag.entity_id > ${after ?? null}::text)
        group by tag.entity_id
        having not ${matchAll}::boolean or count(*) = (select count(*) from wanted)
        order by tag.entity_id limit ${limit ?? null}::bigint`.execute(db),
    );
    return rows.map((row) => row.entity_id);
  }
}
