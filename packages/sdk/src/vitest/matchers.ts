import type { RunDocument } from "@scouter/contracts";
import { type CompareOptions, compareRuns, EvalResults } from "@scouter/evaluate";

export interface ScouterMatchers<Result = unknown> {
  /**
   * A run, or results of `evaluate`, did not get worse than a baseline: passes unless the comparison fails or too little is
   * known. Statistical mode unless the options say otherwise.
   */
  toBeNoWorseThan(baseline: RunDocument | EvalResults, options?: Partial<CompareOptions>): Result;
}

declare module "vitest" {
  // The parameters are those of Vitest's own declaration, which this one joins.
  interface Matchers<
    R extends void | Promise<void> = void | Promise<void>,
    T = unknown,
  > extends ScouterMatchers<R> {}
}

/** For `expect.extend(scouterMatchers)`. */
export const scouterMatchers = {
  toBeNoWorseThan(
    received: unknown,
    baseline: RunDocument | EvalResults,
    options: Partial<CompareOptions> = {},
  ) {
    const comparison = compareRuns(documentOf(baseline), documentOf(received), options);
    const { verdict, reasons, notes } = comparison;
    return {
      pass: verdict !== "fail" && verdict !== "invalid",
      message: () => [`verdict: ${verdict}`, ...reasons, ...notes].join("\n"),
    };
  },
};

/** Anything else is refused where it is compared, with what a run must have. */
function documentOf(run: unknown): RunDocument {
  return run instanceof EvalResults ? run.document : EvalResults.fromJson(run, "run").document;
}
