import type { JsonObject } from "@scouter/contracts";
import { sql } from "kysely";
import type { Session } from "../session/session.ts";
import { storableJsonText, storableText } from "../storable/storable-text.ts";
import type { EvalScenarioRepository, EvalScenarioToStore } from "./eval-scenario-repository.ts";

export class SqlEvalScenarioRepository implements EvalScenarioRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async register(collectionId: string, scenarios: readonly EvalScenarioToStore[]): Promise<void> {
    if (scenarios.length === 0) return;
    const text = storableJsonText(scenarios);
    const collection = storable(collectionId);
    await this.#session.run((db) =>
      // Rows are locked in the order of their ids, so that two calls for one collection never wait for each other.
      sql`
        with input as (
          select id, scenario, row_number() over () as position
          from json_to_recordset(${text}::json) as t (id text, scenario json)
        ), known as (
          select coalesce(max(position), 0) as last from scouter.eval_scenario
          where collection_id = ${collection}
        )
        insert into scouter.eval_scenario (collection_id, scenario_id, scenario, position)
        select ${collection}, input.id, input.scenario, known.last + input.position
        from input cross join known order by input.id
        on conflict (collection_id, scenario_id)
        do update set scenario = excluded.scenario, updated_at = now()`.execute(db),
    );
  }

  async of(collectionId: string): Promise<readonly JsonObject[]> {
    const collection = storable(collectionId);
    const { rows } = await this.#session.run((db) =>
      sql<{ scenario: JsonObject }>`
        select scenario from scouter.eval_scenario
        where collection_id = ${collection} order by position, scenario_id`.execute(db),
    );
    return rows.map((row) => row.scenario);
  }
}

function storable(collectionId: string): string {
  return storableText(collectionId, collectionId.length);
}
