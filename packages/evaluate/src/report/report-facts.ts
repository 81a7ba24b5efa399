import type { ComparedRun, JudgingTotal, RunComparison } from "../compare/comparison.ts";
import { percent, points } from "../compare/percent.ts";

/** One line about the runs; `baseline` is null when there is none, or when the line is about both. */
export interface ReportFact {
  readonly name: string;
  readonly baseline: string | null;
  readonly candidate: string;
}

/** What the runs were made with, how steady they are, and what they cost. */
export function reportFacts(
  candidate: ComparedRun,
  comparison: RunComparison | undefined,
): readonly ReportFact[] {
  const baseline = comparison?.baseline;
  const fact = (name: string, value: (run: ComparedRun) => string): ReportFact => ({
    name,
    baseline: baseline === undefined ? null : value(baseline),
    candidate: value(candidate),
  });
  const told = (value: (run: ComparedRun) => unknown) =>
    [candidate, baseline].some((run) => run !== undefined && value(run) !== null);
  return [
    ...(comparison === undefined ? [] : [ruleOf(comparison)]),
    fact("run", (run) => run.runId),
    fact("made", (run) => run.createdAt),
    fact("repeats", repeatsOf),
    ...(comparison === undefined ? [] : intervalFacts(comparison)),
    ...(told((run) => run.suiteDefinition)
      ? [fact("suite", (run) => shortHash(run.suiteDefinition))]
      : []),
    fact("task definitions", definitionsOf),
    ...versionFacts(candidate, baseline),
    fact("pass@k, pass^k", steadinessOf),
    fact("flip rate", ({ flakiness }) => shareOrNone(flakiness.flipRate)),
    fact("flaky scenarios", ({ flakiness }) => String(flakiness.flaky.length)),
    ...(told((run) => run.judging) ? [fact("judges", ({ judging }) => judgesOf(judging))] : []),
    ...savedByLooks(comparison),
  ];
}

function ruleOf({ mode, regressionThreshold, alpha, level }: RunComparison): ReportFact {
  const tolerated = `a drop of more than ${points(regressionThreshold).slice(1)}`;
  const says = {
    statistical: `${tolerated}, p at most ${rounded(level)}${level < alpha ? ` at this look of ${rounded(alpha)} in all` : ""}`,
    threshold: tolerated,
    strict: "any scenario that always passed and fails now",
  };
  return { name: "fails on", baseline: null, candidate: `${says[mode]} (${mode})` };
}

function repeatsOf({ repeats, pooledFrom }: ComparedRun): string {
  const { fewest, most } = repeats;
  const count = fewest === most ? String(most) : `${String(fewest)} to ${String(most)}`;
  return pooledFrom.length === 0 ? count : `${count}, of ${String(pooledFrom.length)} runs`;
}

function intervalFacts({ metrics }: RunComparison): readonly ReportFact[] {
  const own = metrics.find(({ id }) => id === "scenarios");
  if (own?.baselineInterval == null || own.candidateInterval === null) return [];
  const between = ({ lower, upper }: { readonly lower: number; readonly upper: number }) =>
    `${percent(lower)} to ${percent(upper)}`;
  return [
    {
      name: "pass rate, 95 %",
      baseline: between(own.baselineInterval),
      candidate: between(own.candidateInterval),
    },
  ];
}

function definitionsOf({ taskDefinitions }: ComparedRun): string {
  const hashes = Object.values(taskDefinitions).flatMap((own) => Object.values(own));
  if (hashes.length === 0) return "not told";
  const first = Object.entries(taskDefinitions)
    .flatMap(([alias, tasks]) =>
      Object.entries(tasks).map(([task, hash]) => `${alias}/${task} ${shortHash(hash)}`),
    )
    .slice(0, 3);
  return `${first.join(", ")}${hashes.length > first.length ? ` and ${String(hashes.length - first.length)} more` : ""}`;
}

function versionFacts(
  candidate: ComparedRun,
  baseline: ComparedRun | undefined,
): readonly ReportFact[] {
  const names = Object.keys({ ...baseline?.versions, ...candidate.versions }).toSorted();
  return names.map((name) => ({
    name: `version of ${name}`,
    baseline: baseline === undefined ? null : (baseline.versions[name] ?? "-"),
    candidate: candidate.versions[name] ?? "-",
  }));
}

function steadinessOf({ flakiness }: ComparedRun): string {
  const last = flakiness.curve.at(-1);
  if (last === undefined) return "-";
  return `${percent(last.atLeastOne)}, ${percent(last.all)} at k = ${String(last.k)}`;
}

function judgesOf(judging: JudgingTotal | null): string {
  if (judging === null) return "-";
  const { calls, costUsd, savedCalls, savedUsd } = judging;
  const saved =
    savedCalls === 0
      ? ""
      : `; gates saved ${String(savedCalls)}${savedUsd === null ? "" : ` (${money(savedUsd)})`}`;
  return `${String(calls)} calls, ${costUsd === null ? "cost not known" : money(costUsd)}${saved}`;
}

function savedByLooks(comparison: RunComparison | undefined): readonly ReportFact[] {
  const stopped = comparison?.earlyStop;
  if (stopped == null) return [];
  const { look, looks, maxRepeat, savedRepeats, savedUsd } = stopped;
  const saved = savedUsd === null ? "" : ` and ${money(savedUsd)} of judges`;
  const at = `look ${String(look + 1)} of ${String(looks.length)}, ${String(looks[look] ?? 0)} of ${String(maxRepeat)} repeats`;
  return [
    {
      name: "ended at",
      baseline: null,
      candidate: `${at}; saved ${String(savedRepeats)} repeats${saved}`,
    },
  ];
}

/** Cents matter in the sum of a night, hundredths of a cent do not. */
export function money(usd: number): string {
  return `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`;
}

function shareOrNone(share: number | null): string {
  return share === null ? "-" : percent(share);
}

function shortHash(hash: string | null): string {
  if (hash === null) return "not told";
  return hash.replace(/^sha256:/, "").slice(0, 12);
}

function rounded(level: number): string {
  return String(Number(level.toFixed(4)));
}
