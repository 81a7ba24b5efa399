/**
 * How often the regression gate is wrong: simulated runs of scenarios that pass with a known probability, compared by the
 * shipped code. `false_fail_*`: the candidate is as good as the baseline. `power10_*`: it passes 10 points less often.
 */
import { parseArgs } from "node:util";
import type { RunDocument } from "@scouter/contracts";
import { type CompareMode, compareRuns } from "@scouter/evaluate";
import { type RandomSource, seededRandom } from "@scouter/stats";
import { printFigure } from "./figure/print-figure.ts";

const { values: options } = parseArgs({
  options: { runs: { type: "string", default: "2000" }, quick: { type: "boolean" } },
});
const runs = options.quick === true ? 200 : Number(options.runs);

const SEED = 20_260_101;
const RATE = 0.9;

interface Cell {
  readonly name: string;
  readonly scenarios: number;
  readonly baselineRepeats: number;
  readonly candidateRepeats: number;
  readonly drop: number;
  readonly target: number | null;
  readonly mode?: CompareMode;
  /** The share of scenarios that always pass; the others pass half of the time. */
  readonly fixedShare?: number;
}

const single = { baselineRepeats: 1, candidateRepeats: 1 };
const triple = { baselineRepeats: 3, candidateRepeats: 3 };
const sizes = [20, 50, 100, 200];
const cells: readonly Cell[] = [
  ...sizes.map((n) => ({
    name: `false_fail_n${n}`,
    scenarios: n,
    ...single,
    drop: 0,
    target: 0.05,
  })),
  { name: "false_fail_n50_k3", scenarios: 50, ...triple, drop: 0, target: 0.05 },
  {
    name: "false_fail_n50_k3_against_1",
    scenarios: 50,
    baselineRepeats: 3,
    candidateRepeats: 1,
    drop: 0,
    target: 0.05,
  },
  {
    name: "false_fail_n100_fixed80",
    scenarios: 100,
    ...single,
    drop: 0,
    target: 0.05,
    fixedShare: 0.8,
  },
  ...sizes.map((n) => ({
    name: `power10_n${n}_k1`,
    scenarios: n,
    ...single,
    drop: 0.1,
    target: n === 200 ? 0.8 : null,
  })),
  { name: "power10_n50_k3", scenarios: 50, ...triple, drop: 0.1, target: 0.7 },
  ...sizes.map((n) => ({
    name: `threshold_false_fail_n${n}`,
    scenarios: n,
    ...single,
    drop: 0,
    target: null,
    mode: "threshold" as const,
  })),
];

for (const cell of cells) {
  const random = seededRandom(SEED);
  let failed = 0;
  for (let count = 0; count < runs; count += 1) failed += fails(cell, random) ? 1 : 0;
  printFigure({
    name: cell.name,
    value: failed / runs,
    unit: "share",
    better: cell.drop > 0 ? "higher" : "lower",
    target: cell.target,
    samples: runs,
  });
}

function fails(cell: Cell, random: RandomSource): boolean {
  const baseline = simulated(cell, cell.baselineRepeats, 0, random);
  const candidate = simulated(cell, cell.candidateRepeats, cell.drop, random);
  return compareRuns(baseline, candidate, { mode: cell.mode ?? "statistical" }).verdict === "fail";
}

function simulated(cell: Cell, repeats: number, drop: number, random: RandomSource): RunDocument {
  const fixed = Math.round((cell.fixedShare ?? 0) * cell.scenarios);
  const rateOf = (index: number) => {
    if (cell.fixedShare === undefined) return RATE - drop;
    return index < fixed ? 1 : 0.5;
  };
  return {
    format: "scouter-run",
    version: 1,
    run_id: "simulated",
    created_at: "2026-01-01T00:00:00Z",
    suite: { name: "simulated" },
    versions: {},
    alias_definitions: {},
    scenarios: Array.from({ length: cell.scenarios }, (_, index) => ({
      id: `s${index}`,
      repeats: Array.from({ length: repeats }, () => ({
        outcome: random() < rateOf(index) ? ("passed" as const) : ("failed" as const),
        tasks: {},
        aliases: {},
      })),
    })),
  };
}
