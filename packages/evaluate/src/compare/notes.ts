import type { RunDocument } from "@scouter/contracts";
import type { CompareOptions } from "./compare-options.ts";
import type { MetricComparison } from "./comparison.ts";
import { isOther, type ScenarioMatches } from "./match-scenarios.ts";
import { isNamed, metricsOf } from "./metric.ts";
import { percent, points } from "./percent.ts";

export interface NotesInput {
  readonly baseline: RunDocument;
  readonly candidate: RunDocument;
  readonly matches: ScenarioMatches;
  readonly metrics: readonly MetricComparison[];
  readonly options: CompareOptions;
}

/** What a reader must know to trust the verdict, one sentence each. */
export function notesOf(input: NotesInput): readonly string[] {
  return [...sightNotes(input), ...suiteNotes(input), ...metricNotes(input), ...ageNotes(input)];
}

/** The smallest drop that the comparison could have found, where it tests at all. */
function sightNotes({ metrics, options }: NotesInput): readonly string[] {
  const scenarios = metrics.find(({ id }) => id === "scenarios");
  if (options.mode !== "statistical" || scenarios === undefined) return [];
  if (scenarios.scenarios === 0) return [];
  const found = scenarios.detectableDrop;
  if (found === null) {
    return ["too few scenarios: no drop of the scenario pass rate would be found 4 times in 5"];
  }
  return [
    `a drop of the scenario pass rate of ${points(found).slice(1)} would be found 4 times in 5`,
  ];
}

function suiteNotes({ baseline, candidate, matches }: NotesInput): readonly string[] {
  const redefined = matches.matches.filter((own) => own.isRedefined).map(({ id }) => id);
  const quarantined = matches.matches.filter((own) => own.quarantine !== undefined);
  return [
    ...(isOther(baseline.suite.definition, candidate.suite.definition)
      ? ["the suite's definition changed"]
      : []),
    ...named("not compared because their definition changed", redefined),
    ...named("not in the candidate", matches.removed),
    ...named("new in the candidate", matches.added),
    ...named(
      "in quarantine",
      quarantined.map(({ id }) => id),
    ),
    ...named(
      "quarantine expired",
      matches.expired.map(({ scenario }) => scenario),
    ),
  ];
}

function named(what: string, ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? [] : [`${what}: ${ids.join(", ")}`];
}

function metricNotes({ baseline, candidate, metrics, options }: NotesInput): readonly string[] {
  const known = metricsOf(baseline, candidate);
  const unknown = options.gate.filter((name) => !known.some((metric) => isNamed(metric, name)));
  return [
    ...unknown.map((name) => `no run has a task '${name}' to gate`),
    ...metrics
      .filter(({ verdict }) => verdict === "incomparable")
      .map(({ id, reason }) => `${id} is not compared: ${reason ?? ""}`),
    ...metrics.flatMap(({ id, kind, skipped }) => {
      const { baseline: before, candidate: after } = skipped;
      if (kind !== "task" || before === null || after === null || before === after) return [];
      return [`${id} was skipped in ${percent(before)} of its repeats, now in ${percent(after)}`];
    }),
  ];
}

const DAY_MS = 86_400_000;

function ageNotes({ baseline, candidate }: NotesInput): readonly string[] {
  const ageMs = Date.parse(candidate.created_at) - Date.parse(baseline.created_at);
  const days = Math.floor(ageMs / DAY_MS);
  const changed = Object.keys({ ...baseline.versions, ...candidate.versions })
    .toSorted()
    .filter((key) => baseline.versions[key] !== candidate.versions[key])
    .map((key) => `${key} ${baseline.versions[key] ?? "-"} -> ${candidate.versions[key] ?? "-"}`);
  return [
    ...(days >= 1 ? [`the baseline is ${days} ${days === 1 ? "day" : "days"} old`] : []),
    ...(changed.length > 0 ? [`versions: ${changed.join(", ")}`] : []),
  ];
}
