import { sql } from "kysely";
import { bucketNumber, within, type BucketedPeriod } from "../session/period.ts";
import type { Executor } from "../session/session.ts";
import { ofProfilesIn, type SpaceScope } from "../session/space-scope.ts";
import type { BucketActivity } from "./overview-repository.ts";

interface ActivityRow extends Omit<BucketActivity, "tasks"> {
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
}

export async function activity(
  request: { readonly spaces: SpaceScope } & BucketedPeriod,
  db: Executor,
): Promise<readonly BucketActivity[]> {
  const { spaces } = request;
  const { rows } = await sql<ActivityRow>`
    with evaluated as (
      select ${bucketNumber("w.stored_at", request)} as bucket, count(*) as records,
        sum(w.passed_tasks) as passed, sum(w.failed_tasks - w.errored_tasks) as failed,
        sum(w.errored_tasks) as errored, sum(w.skipped_tasks) as skipped
      from scouter.eval_workflow w
      where ${within("w.stored_at", request)} and ${ofProfilesIn("w.profile_id", spaces)}
      group by 1
    ), computed as (
      select ${bucketNumber("d.window_end", request)} as bucket,
        count(*) filter (where d.status = 'done') as done,
        count(*) filter (where d.status = 'done' and d.alerting) as alerting,
        count(*) filter (where d.status = 'failed') as failed
      from scouter.drift_window d
      where ${within("d.window_end", request)} and ${ofProfilesIn("d.profile_id", spaces)}
      group by 1
    ), fired as (
      select ${bucketNumber("a.created_at", request)} as bucket, count(*) as alerts
      from scouter.alert a
      where ${within("a.created_at", request)} and ${ofProfilesIn("a.profile_id", spaces)}
      group by 1
    )
    select bucket, coalesce(e.records, 0) as "recordsEvaluated", coalesce(e.passed, 0) as passed,
      coalesce(e.failed, 0) as failed, coalesce(e.errored, 0) as errored,
      coalesce(e.skipped, 0) as skipped, coalesce(c.done, 0) as "windowsDone",
      coalesce(c.alerting, 0) as "windowsAlerting", coalesce(c.failed, 0) as "windowsFailed",
      coalesce(f.alerts, 0) as "alertsFired"
    from evaluated e full join computed c using (bucket) full join fired f using (bucket)
    order by bucket`.execute(db);
  return rows.map(({ passed, failed, errored, skipped, ...row }) => ({
    ...row,
    tasks: { passed, failed, errored, skipped },
  }));
}
