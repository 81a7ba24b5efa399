import type { EvalReport } from "@scouter/contracts";
import type { RunReport, ScenarioSide } from "@scouter/evaluate";

/** A report as the API tells it: without the repeats, whose answers are asked for one scenario at a time. */
export function shownReport({ scenarios, metrics, facts, ...report }: RunReport): EvalReport {
  return {
    ...report,
    reasons: [...report.reasons],
    notes: [...report.notes],
    metrics: metrics.map((own) => ({ ...own })),
    facts: facts.map((own) => ({ ...own })),
    scenarios: scenarios.map(({ id, query, status, quarantine, baseline, candidate }) => ({
      id,
      query,
      status,
      quarantine,
      baseline: sideOf(baseline),
      candidate: sideOf(candidate),
    })),
  };
}

function sideOf(side: ScenarioSide | null) {
  return side === null ? null : { passes: side.passes, observations: [...side.observations] };
}
