import type { EvalResults } from "@scouter/evaluate";
import type { AgentFunction } from "./agent.ts";
import { EvalOrchestrator } from "./eval-orchestrator.ts";
import type { RunOptions } from "./evaluate-options.ts";

export interface EvaluateOptions extends RunOptions {
  readonly agent: AgentFunction;
}

/**
 * Runs a suite against an agent and judges what it did. Works within any program or framework: what runs beside it, other
 * evaluations included, is neither captured nor disturbed.
 *
 * ```ts
 * const results = await evaluate({ suite: await loadSuite("support.yaml"), agent: answer, repeats: 3 });
 * console.log(results.metrics.scenario_pass_rate);
 * ```
 *
 * @throws EVALUATE_SUITE_INVALID, EVALUATE_RUN_OPTION_INVALID; the signal's reason; with `failFast` what the agent threw
 */
export function evaluate(options: EvaluateOptions): Promise<EvalResults> {
  return new EvalOrchestrator(options).run();
}
