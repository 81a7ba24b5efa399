import type { BucketActivity } from "@scouter/database";
import { addedCounts, NO_TASKS, passRateOf } from "../evaluation/pass-rate.ts";

const NOTHING: Omit<BucketActivity, "bucket"> = {
  recordsEvaluated: 0,
  tasks: NO_TASKS,
  windowsDone: 0,
  windowsAlerting: 0,
  windowsFailed: 0,
  alertsFired: 0,
};

/** What happened in a bucket; nothing when the database names none. */
export function activityIn(row: Omit<BucketActivity, "bucket"> = NOTHING) {
  return {
    records_evaluated: row.recordsEvaluated,
    tasks: row.tasks,
    windows: {
      done: row.windowsDone,
      alerting: row.windowsAlerting,
      failed: row.windowsFailed,
    },
    alerts_fired: row.alertsFired,
  };
}

export function totalActivity(rows: readonly BucketActivity[]) {
  const sum = rows.reduce<Omit<BucketActivity, "bucket">>(
    (total, row) => ({
      recordsEvaluated: total.recordsEvaluated + row.recordsEvaluated,
      tasks: addedCounts(total.tasks, row.tasks),
      windowsDone: total.windowsDone + row.windowsDone,
      windowsAlerting: total.windowsAlerting + row.windowsAlerting,
      windowsFailed: total.windowsFailed + row.windowsFailed,
      alertsFired: total.alertsFired + row.alertsFired,
    }),
    NOTHING,
  );
  return { ...activityIn(sum), pass_rate: passRateOf(sum.tasks).pass_rate };
}
