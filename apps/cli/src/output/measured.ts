import type { DriftFeatureResult } from "@scouter/contracts";

/** Whether enough of a feature or metric was observed to say something about it. */
export function isMeasured({ status }: DriftFeatureResult): boolean {
  return status === "ok" || status === "alert";
}
