import type { RunDocument } from "@scouter/contracts";
import { compareRuns, type CompareVerdict, nextLook } from "@scouter/evaluate";
import { type RandomSource, seededRandom } from "@scouter/stats";
import { type Cell, type CellResult, noResult, together } from "./cell.ts";

const RATE = 0.9;

export interface Chunk {
  readonly cell: Cell;
  readonly runs: number;
  readonly seed: number;
}

/** `runs` simulated comparisons of one cell by the shipped code; the same seed gives the same. */
export function simulate({ cell, runs, seed }: Chunk): CellResult {
  const random = seededRandom(seed);
  let all = noResult;
  for (let count = 0; count < runs; count += 1) all = together(all, oneRun(cell, random));
  return all;
}

function oneRun(cell: Cell, random: RandomSource): CellResult {
  const baseline = simulatedRun(cell, cell.baselineRepeats, 0, random);
  // All repeats are drawn at once: a look sees the first ones, as it would while they are run.
  const candidate = simulatedRun(cell, cell.candidateRepeats, cell.drop, random);
  const options = { mode: cell.mode };
  if (cell.looks === "none") {
    return ended(compareRuns(baseline, candidate, options).verdict, cell.candidateRepeats);
  }
  let repeats: number | undefined;
  for (;;) {
    const own = repeats === undefined ? undefined : first(candidate, repeats);
    const look = nextLook({ baseline, candidate: own, maxRepeat: cell.candidateRepeats, options });
    if (own !== undefined && repeats !== undefined) {
      const verdict = cell.looks === "naive" ? naiveVerdict(baseline, own, cell) : undefined;
      if (verdict !== undefined) return ended(verdict, repeats);
      if (look.kind === "stop" && cell.looks === "spending") {
        return ended(look.comparison.verdict, repeats);
      }
    }
    repeats = look.kind === "run" ? look.repeats : cell.candidateRepeats;
  }
}

/** Fails at the first look that the whole level allows; undefined where it goes on. */
function naiveVerdict(
  baseline: RunDocument,
  candidate: RunDocument,
  { mode, candidateRepeats }: Cell,
): CompareVerdict | undefined {
  const { verdict } = compareRuns(baseline, candidate, { mode });
  const isLast = candidate.scenarios[0]?.repeats.length === candidateRepeats;
  return isLast || verdict === "fail" ? verdict : undefined;
}

function ended(verdict: CompareVerdict, candidateRepeats: number): CellResult {
  return { verdicts: { ...noResult.verdicts, [verdict]: 1 }, runs: 1, candidateRepeats };
}

function first(run: RunDocument, repeats: number): RunDocument {
  return {
    ...run,
    scenarios: run.scenarios.map((own) => ({ ...own, repeats: own.repeats.slice(0, repeats) })),
  };
}

function simulatedRun(
  cell: Cell,
  repeats: number,
  drop: number,
  random: RandomSource,
): RunDocument {
  const aliases = Array.from({ length: cell.gatedMetrics - 1 }, (_, index) => `a${String(index)}`);
  const outcome = (rate: number) => (random() < rate ? ("passed" as const) : ("failed" as const));
  return {
    format: "scouter-run",
    version: 1,
    run_id: "simulated",
    created_at: "2026-01-01T00:00:00Z",
    suite: { name: "simulated" },
    versions: {},
    alias_definitions: {},
    scenarios: Array.from({ length: cell.scenarios }, (_, index) => ({
      id: `s${String(index)}`,
      repeats: Array.from({ length: repeats }, () => ({
        outcome: outcome(rateOf(cell, index, drop)),
        tasks: {},
        aliases: Object.fromEntries(
          aliases.map((alias) => [alias, { outcome: outcome(rateOf(cell, index, 0)), tasks: {} }]),
        ),
      })),
    })),
  };
}

const FIXED_SHARE = 0.8;

/** A drop of the whole falls on the scenarios that vary. */
function rateOf({ population, scenarios }: Cell, index: number, drop: number): number {
  if (population === "independent") return RATE - drop;
  if (index < Math.round(FIXED_SHARE * scenarios)) return 1;
  return 0.5 - drop / (1 - FIXED_SHARE);
}
