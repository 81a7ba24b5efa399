import type { RunDocument, RunScenario } from "@scouter/contracts";
import type { CompareOptions } from "../compare/compare-options.ts";
import { compareRuns } from "../compare/compare-runs.ts";
import type { RunComparison } from "../compare/comparison.ts";
import { readRun } from "../compare/read-run.ts";
import { errors } from "../errors.ts";
import { type EvalMetrics, evalMetrics } from "./eval-metrics.ts";

/**
 * A finished run. `JSON.stringify(results)` gives the versioned document that `EvalResults.fromJson` reads back.
 *
 * ```ts
 * const results = EvalResults.fromJson(JSON.parse(text));
 * results.compareTo(baseline, { regressionThreshold: 0.05 }).verdict;
 * ```
 */
export class EvalResults {
  readonly document: RunDocument;
  #metrics: EvalMetrics | undefined;

  constructor(document: RunDocument) {
    this.document = document;
  }

  /**
   * @param source where it came from, for messages
   * @throws EVALUATE_RUN_INVALID, EVALUATE_RUN_VERSION
   */
  static fromJson(json: unknown, source = "results"): EvalResults {
    return new EvalResults(readRun(json, source));
  }

  /** Pass rates by alias, of scenarios, and over all. */
  get metrics(): EvalMetrics {
    return (this.#metrics ??= evalMetrics(this.document));
  }

  /** @throws EVALUATE_SCENARIO_UNKNOWN */
  scenario(id: string): RunScenario {
    const found = this.document.scenarios.find((own) => own.id === id);
    if (found === undefined) throw errors.EVALUATE_SCENARIO_UNKNOWN({ scenario: id });
    return found;
  }

  /**
   * Did this run get worse than the baseline? In a program the default mode is `threshold`: the observed drop alone decides.
   * @throws EVALUATE_COMPARE_OPTION_INVALID
   */
  compareTo(
    baseline: EvalResults | RunDocument,
    options: Partial<CompareOptions> = {},
  ): RunComparison {
    const before = baseline instanceof EvalResults ? baseline.document : baseline;
    return compareRuns(before, this.document, { mode: "threshold", ...options });
  }

  toJSON(): RunDocument {
    return this.document;
  }
}
