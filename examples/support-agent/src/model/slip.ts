import { fractionOf } from "../question/seeded-choice.ts";

/**
 * What the model gets wrong, on purpose, so that a watcher has something to find.
 *
 * - `wrong-number`: states another figure than the tool gave.
 * - `wrong-unit`: right figure, mistaken unit.
 * - `empty-apology`: apologises and states no figure.
 * - `wrong-column`: asks the tool for a column that does not exist, so the tool fails.
 * - `overloaded`: the first try is refused with 503; the second succeeds.
 * - `overreach`: answers a question that is none of its business.
 */
export type Slip =
  | "wrong-number"
  | "wrong-unit"
  | "empty-apology"
  | "wrong-column"
  | "overloaded"
  | "overreach";

interface Share {
  readonly slip: Slip;
  /** Share of questions, 0..1. */
  readonly ratio: number;
}

const IN_SCOPE: readonly Share[] = [
  { slip: "wrong-number", ratio: 0.1 },
  { slip: "wrong-unit", ratio: 0.07 },
  { slip: "empty-apology", ratio: 0.06 },
  { slip: "wrong-column", ratio: 0.08 },
  { slip: "overloaded", ratio: 0.05 },
];
const OUT_OF_SCOPE: readonly Share[] = [{ slip: "overreach", ratio: 0.25 }];

/** The slip that the seed allots to a question; undefined for most. */
export function slipOf(seed: number, questionText: string, inScope: boolean): Slip | undefined {
  let remaining = fractionOf(seed, `slip/${questionText}`);
  for (const { slip, ratio } of inScope ? IN_SCOPE : OUT_OF_SCOPE) {
    if (remaining < ratio) return slip;
    remaining -= ratio;
  }
  return undefined;
}
