import type { ScenarioMatch } from "./match-scenarios.ts";
import { tallyOf } from "./observation.ts";

/** For strict mode: a sentence for every scenario that always passed before and does not always now. */
export function newlyFailing(judged: readonly ScenarioMatch[]): readonly string[] {
  return judged.flatMap(({ id, baseline, candidate }) => {
    const before = tallyOf(baseline, (repeat) => repeat);
    if (before.runs === 0 || before.passed < before.runs) return [];
    if (candidate === undefined) return [`scenario '${id}' is missing and passed before`];
    const after = tallyOf(candidate, (repeat) => repeat);
    if (after.passed === after.runs) return [];
    const failed = after.runs - after.passed;
    return [`scenario '${id}' failed in ${failed} of ${after.runs} repeats and passed before`];
  });
}
