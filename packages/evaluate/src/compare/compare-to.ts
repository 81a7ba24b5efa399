import type { RunDocument } from "@scouter/contracts";
import type { CompareOptions } from "./compare-options.ts";
import { compareRuns } from "./compare-runs.ts";
import type { RunComparison } from "./comparison.ts";

/**
 * `compareRuns` as simple suites want it: in `threshold` mode, the drop of any alias or of the scenarios decides.
 *
 * @param current the run that is judged
 * @param baseline the run it is compared with
 * @param given `mode: "statistical"` for agents that vary; `regressionThreshold` is 0.05 by default
 */
export function compareTo(
  current: RunDocument,
  baseline: RunDocument,
  given: Partial<CompareOptions> = {},
): RunComparison {
  return compareRuns(baseline, current, { mode: "threshold", ...given });
}
