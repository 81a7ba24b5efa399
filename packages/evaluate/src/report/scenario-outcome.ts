import type { RunReport } from "./run-report.ts";
import type { ScenarioRow } from "./scenario-row.ts";

/** How a scenario or a metric ends as a test; null where it passed. */
export interface TestOutcome {
  readonly element: "failure" | "error" | "skipped";
  readonly message: string;
  readonly body: string;
}

/**
 * A scenario as a test: what fails fails the build and nothing else. Compared: a failure when the verdict is `fail` and the
 * scenario got worse or is gone, an error when it is `invalid` and the scenario unknown. Not compared: a failure unless it
 * passed in every repeat. In quarantine: skipped.
 */
export function scenarioOutcome(row: ScenarioRow, { verdict }: RunReport): TestOutcome | null {
  const body = scenarioTold(row);
  const { quarantine, status } = row;
  if (quarantine !== null) {
    const message = `in quarantine until ${quarantine.expires} (${quarantine.owner})`;
    return { element: "skipped", message, body };
  }
  const passes = row.candidate?.passes ?? "none";
  if (verdict === null) {
    if (status === "failed" || status === "flaky") {
      return { element: "failure", message: `passed ${passes}`, body };
    }
    return status === "error" ? { element: "error", message: "no outcome", body } : null;
  }
  if (verdict === "fail" && (status === "removed" || isWorse(row))) {
    const before = row.baseline?.passes ?? "-";
    return { element: "failure", message: `passed ${before} before, now ${passes}`, body };
  }
  if (verdict === "invalid" && status === "error") {
    return { element: "error", message: "no outcome is known", body };
  }
  return null;
}

function isWorse({ status, baseline, candidate }: ScenarioRow): boolean {
  if (status === "changed" || baseline === null || candidate === null) return false;
  const [before, after] = [baseline.tally, candidate.tally];
  return after.passed * before.runs < before.passed * after.runs;
}

/** Passes on both sides, and what went wrong, one line each. */
export function scenarioTold(row: ScenarioRow): string {
  return [
    ...(row.baseline === null ? [] : [`baseline ${row.baseline.passes}`]),
    row.candidate === null ? "not in the candidate" : `passed ${row.candidate.passes}`,
    ...problemsOf(row),
  ].join("\n");
}

/** What went wrong, repeat by repeat. */
function problemsOf({ candidate }: ScenarioRow): readonly string[] {
  return (candidate?.repeats ?? []).flatMap((repeat, index) => {
    const where = `repeat ${String(index + 1)}`;
    const own =
      repeat.outcome === "errored"
        ? [`${where}: error of the ${repeat.error_source ?? "agent"}: ${repeat.error ?? ""}`]
        : [];
    const aliases = Object.entries(repeat.aliases).map(
      ([alias, { tasks }]) => [`${alias}/`, tasks] as const,
    );
    const failed = [["", repeat.tasks] as const, ...aliases].flatMap(([prefix, tasks]) =>
      Object.entries(tasks)
        .filter(
          ([, { outcome, gate }]) => gate !== true && outcome !== "passed" && outcome !== "skipped",
        )
        .map(([task, { outcome, message, error }]) => {
          const why = message ?? error;
          return `${where}: ${prefix}${task} ${outcome}${why === undefined ? "" : `: ${why}`}`;
        }),
    );
    return [...own, ...failed];
  });
}
