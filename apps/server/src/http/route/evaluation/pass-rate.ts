import type { PassRate, TaskCounts } from "@scouter/contracts";
import { wilsonInterval } from "@scouter/stats";

export const NO_TASKS: TaskCounts = { passed: 0, failed: 0, errored: 0, skipped: 0 };

export function addedCounts(left: TaskCounts, right: TaskCounts): TaskCounts {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    errored: left.errored + right.errored,
    skipped: left.skipped + right.skipped,
  };
}

/** Skipped tasks do not count, errored ones count as not passed. Null without any: no data is not a rate of 0. */
export function passRateOf({ passed, failed, errored }: TaskCounts): PassRate {
  const total = passed + failed + errored;
  const interval = wilsonInterval(passed, total);
  return {
    pass_rate: total === 0 ? null : passed / total,
    lower: interval?.lower ?? null,
    upper: interval?.upper ?? null,
  };
}
