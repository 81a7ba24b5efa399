import type { JsonObject } from "@scouter/contracts";
import { sql, type RawBuilder } from "kysely";
import { checkedLimit } from "../session/limit.ts";
import { idCursor, readIdCursor, readTimeCursor, timeCursor } from "../session/opaque-cursor.ts";
import type { Session } from "../session/session.ts";
import { inSpaces } from "../session/space-scope.ts";
import { storableTime, timeText } from "../session/time.ts";
import { storableJsonText, storableText } from "../storable/storable-text.ts";
import type {
  EvalBaselineEntry,
  EvalBaselineList,
  EvalBaselineListRequest,
  EvalPromotion,
  EvalRunEntry,
  EvalRunList,
  EvalRunListRequest,
  EvalRunRepository,
  EvalRunToStore,
} from "./eval-run-repository.ts";

/** Documents are long: lists never read them. */
const ENTRY = sql`
  r.id, r.space, r.run_id as "runId", r.suite, ${timeText("r.created_at")} as "createdAt",
  ${timeText("r.received_at")} as "receivedAt", r.summary,
  coalesce((select json_agg(b.name order by b.name) from scouter.eval_baseline b
    where b.run_id = r.id), '[]'::json) as baselines`;

export class SqlEvalRunRepository implements EvalRunRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async store(run: EvalRunToStore): ReturnType<EvalRunRepository["store"]> {
    const [space, runId, suite] = [run.space, run.runId, run.suite].map(stored);
    const { rows } = await this.#session.run((db) =>
      // A row that is there already is seen by the second part only when its statement did not insert it.
      sql<{ id: number; outcome: "stored" | "duplicate" | "conflict" }>`
        with added as (
          insert into scouter.eval_run
            (space, run_id, suite, created_at, digest, summary, document)
          values (${space}, ${runId}, ${suite}, ${storableTime(run.createdAt)}::timestamptz,
            ${run.digest}, ${storableJsonText(run.summary)}::json,
            ${storableJsonText(run.document)}::json)
          on conflict (space, run_id) do nothing returning id
        )
        select id, 'stored' as outcome from added
        union all
        select id, case when digest = ${run.digest} then 'duplicate' else 'conflict' end
        from scouter.eval_run where space = ${space} and run_id = ${runId}
          and not exists (select from added)`.execute(db),
    );
    const [row] = rows;
    // Two at once: the loser's statement began before the winner's row was there to be seen.
    return row ?? this.store(run);
  }

  async list(request: EvalRunListRequest): Promise<EvalRunList> {
    const limit = checkedLimit(request.limit);
    const conditions: RawBuilder<unknown>[] = [inSpaces("r.space", request.spaces)];
    if (request.suite !== undefined) conditions.push(sql`r.suite = ${stored(request.suite)}`);
    if (request.cursor !== undefined) {
      const { time, id } = readTimeCursor(request.cursor);
      conditions.push(sql`(r.created_at, r.id) < (${time}::timestamptz, ${id}::bigint)`);
    }
    const { rows } = await this.#session.run((db) =>
      sql<EvalRunEntry>`
        select ${ENTRY} from scouter.eval_run r where ${sql.join(conditions, sql` and `)}
        order by r.created_at desc, r.id desc limit ${limit + 1}`.execute(db),
    );
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return {
      items,
      nextCursor: last === undefined ? null : timeCursor({ time: last.createdAt, id: last.id }),
    };
  }

  async entry(id: number): Promise<EvalRunEntry | undefined> {
    const { rows } = await this.#session.run((db) =>
      sql<EvalRunEntry>`select ${ENTRY} from scouter.eval_run r where r.id = ${id}`.execute(db),
    );
    return rows[0];
  }

  async document(id: number): Promise<JsonObject | undefined> {
    const { rows } = await this.#session.run((db) =>
      sql<{ document: JsonObject }>`
        select document from scouter.eval_run where id = ${id}`.execute(db),
    );
    return rows[0]?.document;
  }

  async scenario(id: number, scenarioId: string): Promise<JsonObject | undefined> {
    const { rows } = await this.#session.run((db) =>
      sql<{ scenario: JsonObject }>`
        select s as scenario
        from scouter.eval_run r, json_array_elements(r.document -> 'scenarios') s
        where r.id = ${id} and s ->> 'id' = ${stored(scenarioId)} limit 1`.execute(db),
    );
    return rows[0]?.scenario;
  }

  async promote({ space, name, id, by }: EvalPromotion): Promise<boolean> {
    const { numAffectedRows } = await this.#session.run((db) =>
      sql`
        insert into scouter.eval_baseline (space, name, run_id, promoted_by)
        select space, ${stored(name)}, id, ${stored(by)} from scouter.eval_run
        where id = ${id} and space = ${stored(space)}
        on conflict (space, name) do update
          set run_id = excluded.run_id, promoted_at = now(), promoted_by = excluded.promoted_by`.execute(
        db,
      ),
    );
    return numAffectedRows === 1n;
  }

  async baselines(request: EvalBaselineListRequest): Promise<EvalBaselineList> {
    const limit = checkedLimit(request.limit);
    const after = request.cursor === undefined ? 0 : readIdCursor(request.cursor);
    const rows = await this.#baselines(
      sql`${inSpaces("n.space", request.spaces)} and n.id > ${after}::bigint`,
      limit + 1,
    );
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return {
      items: items.map(withoutId),
      nextCursor: last === undefined ? null : idCursor(last.nameId),
    };
  }

  async baseline(space: string, name: string): Promise<EvalBaselineEntry | undefined> {
    const own = sql`n.space = ${stored(space)} and n.name = ${stored(name)}`;
    const [row] = await this.#baselines(own, 1);
    return row === undefined ? undefined : withoutId(row);
  }

  async #baselines(condition: RawBuilder<unknown>, limit: number): Promise<BaselineRow[]> {
    const { rows } = await this.#session.run((db) =>
      sql<Omit<BaselineRow, "run"> & EvalRunEntry>`
        select n.id as "nameId", n.name, ${timeText("n.promoted_at")} as "promotedAt",
          n.promoted_by as "promotedBy", ${ENTRY}
        from scouter.eval_baseline n join scouter.eval_run r on r.id = n.run_id
        where ${condition} order by n.id limit ${limit}`.execute(db),
    );
    return rows.map(({ nameId, name, promotedAt, promotedBy, ...run }) => ({
      nameId,
      name,
      promotedAt,
      promotedBy,
      run,
    }));
  }
}

interface BaselineRow extends EvalBaselineEntry {
  readonly nameId: number;
}

function withoutId({ nameId: _id, ...entry }: BaselineRow): EvalBaselineEntry {
  return entry;
}

function stored(text: string): string {
  return storableText(text, text.length);
}
