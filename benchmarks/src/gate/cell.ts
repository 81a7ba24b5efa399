import type { CompareMode, CompareVerdict } from "@scouter/evaluate";

/**
 * How scenarios vary.
 * - `independent`: each passes nine times in ten
 * - `fixed80`: four in five always pass, the others pass half of the time
 */
export type Population = "independent" | "fixed80";

/** One situation of which many runs are simulated. Plain data: it is handed to threads. */
export interface Cell {
  /** Of the figure: the share of runs that fail. */
  readonly name: string;
  readonly scenarios: number;
  readonly baselineRepeats: number;
  /** The most repeats when looks are given. */
  readonly candidateRepeats: number;
  /** By which the candidate's pass rate is lower, in the first gated metric. */
  readonly drop: number;
  readonly target: number | null;
  readonly mode: CompareMode;
  readonly population: Population;
  /** 1: the scenarios alone; more: aliases beside them. */
  readonly gatedMetrics: number;
  /** Whether the candidate grows from look to look, and whether their levels are kept. */
  readonly looks: "none" | "spending" | "naive";
}

/** What some runs of one cell came to. */
export interface CellResult {
  readonly verdicts: Readonly<Record<CompareVerdict, number>>;
  readonly runs: number;
  /** Of all scenarios of all candidates together, for their mean. */
  readonly candidateRepeats: number;
}

export const noResult: CellResult = {
  verdicts: { fail: 0, "non-inferior": 0, "no-regression-found": 0, invalid: 0 },
  runs: 0,
  candidateRepeats: 0,
};

export function together(a: CellResult, b: CellResult): CellResult {
  const sum = (verdict: CompareVerdict) => a.verdicts[verdict] + b.verdicts[verdict];
  return {
    verdicts: {
      fail: sum("fail"),
      "non-inferior": sum("non-inferior"),
      "no-regression-found": sum("no-regression-found"),
      invalid: sum("invalid"),
    },
    runs: a.runs + b.runs,
    candidateRepeats: a.candidateRepeats + b.candidateRepeats,
  };
}
