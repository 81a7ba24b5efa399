/**
 * How often the regression gate is wrong: simulated runs of scenarios that pass with a known probability, compared by the
 * shipped code. `false_fail_*`: the candidate is as good as the baseline. `power10_*`: it passes 10 points less often.
 * Beside each, the shares of the other verdicts, and the mean number of repeats where looks may end a run early.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { Cell, CellResult } from "./gate/cell.ts";
import { cells } from "./gate/cells.ts";
import { runCells } from "./gate/run-cells.ts";
import { printFigure } from "./figure/print-figure.ts";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "2000" },
    quick: { type: "boolean" },
    threads: { type: "string", default: String(availableParallelism()) },
    /** Only cells whose name begins so. */
    only: { type: "string", default: "" },
  },
});

const SEED = 20_260_101;

await runCells({
  cells: cells.filter(({ name }) => name.startsWith(options.only)),
  runs: options.quick === true ? 200 : Number(options.runs),
  seed: SEED,
  threads: Number(options.threads),
  onCell: printCell,
});

function printCell(cell: Cell, { verdicts, runs, candidateRepeats }: CellResult): void {
  const shares = (["non-inferior", "no-regression-found", "invalid"] as const)
    .filter((verdict) => verdicts[verdict] > 0)
    .map((verdict) => ({ name: `${cell.name}:${verdict}`, value: verdicts[verdict] / runs }));
  const better = cell.drop > 0 ? ("higher" as const) : ("lower" as const);
  const common = { unit: "share", samples: runs };
  printFigure({
    ...common,
    name: cell.name,
    value: verdicts.fail / runs,
    better,
    target: cell.target,
  });
  for (const { name, value } of shares) {
    const isRight = (cell.drop === 0) === name.endsWith("non-inferior");
    printFigure({ ...common, name, value, better: isRight ? "higher" : "lower", target: null });
  }
  if (cell.looks === "none") return;
  printFigure({
    name: `${cell.name}:repeats`,
    value: candidateRepeats / runs,
    unit: "repeats of the candidate",
    better: "lower",
    target: null,
    samples: runs,
  });
}
