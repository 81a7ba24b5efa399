import { sql } from "kysely";
import { within, type Period } from "../session/period.ts";
import { profileId } from "../session/profile-id.ts";
import type { Executor } from "../session/session.ts";
import type { JudgeCosts } from "./evaluation-repository.ts";

/** Sums over what each judge's results say it used; a result without a price has calls and tokens only. */
export async function judgeCosts(
  request: { readonly profileUid: string } & Period,
  db: Executor,
): Promise<readonly JudgeCosts[]> {
  const { rows } = await sql<JudgeCosts>`
    with used as (
      select t.task_id, t.outcome, t.judge ->> 'provider' as provider, t.judge ->> 'model' as model,
        (t.judge ->> 'calls')::bigint as calls,
        (t.judge ->> 'cached_calls')::bigint as cached_calls,
        coalesce((t.judge ->> 'saved_calls')::bigint, 0) as saved_calls,
        (t.judge ->> 'input_tokens')::bigint as input_tokens,
        (t.judge ->> 'output_tokens')::bigint as output_tokens,
        (t.judge ->> 'cost_usd')::float8 as cost_usd
      from scouter.eval_workflow w join scouter.eval_task t on t.eval_record_id = w.eval_record_id
      where w.profile_id = ${profileId(request.profileUid)} and ${within("w.stored_at", request)}
        and t.judge is not null
    )
    select task_id as "taskId", provider, model,
      count(*) filter (where outcome <> 'skipped') as judged,
      count(*) filter (where outcome = 'skipped') as skipped,
      sum(calls)::bigint as calls, sum(cached_calls)::bigint as "cachedCalls",
      sum(saved_calls)::bigint as "savedCalls", sum(input_tokens)::bigint as "inputTokens",
      sum(output_tokens)::bigint as "outputTokens", sum(cost_usd) as "costUsd",
      coalesce(sum(calls) filter (where cost_usd is null), 0)::bigint as "unpricedCalls",
      sum(saved_calls)::float8 * sum(cost_usd)
        / nullif(sum(calls) filter (where cost_usd is not null), 0)::float8 as "savedUsd"
    from used group by task_id, provider, model order by task_id, provider, model`.execute(db);
  return rows.map((row) => ({
    ...row,
    costUsd: row.unpricedCalls === row.calls && row.calls > 0 ? null : row.costUsd,
  }));
}
