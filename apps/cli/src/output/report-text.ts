import type { RunReport } from "@scouter/evaluate";
import { table } from "./table.ts";

/** How wide a cell may become before it is cut. */
const WIDEST_CELL = 60;
/** Scenarios on the screen; the files have all. */
const SHOWN_SCENARIOS = 100;

/** How rows become cells; handed in, because the package that knows is loaded when a command runs. */
export interface ReportCells {
  readonly metric: (row: RunReport["metrics"][number]) => readonly string[];
  readonly scenario: (row: RunReport["scenarios"][number]) => readonly string[];
}

/** A report as a terminal shows it: verdict, metrics, scenarios that are worth a look, notes, facts. */
export function reportText(report: RunReport, cells: ReportCells): string {
  const isCompared = report.verdict !== null;
  const shown = report.scenarios.filter(
    ({ status }) => status !== "unchanged" && status !== "passed",
  );
  const rest = shown.length - SHOWN_SCENARIOS;
  const title = isCompared ? `verdict: ${report.verdict}` : report.headline;
  return [
    [title, ...report.reasons.map((own) => `  ${own}`)].join("\n"),
    table(
      report.metrics.map((row) => cells.metric(row)),
      columns(
        isCompared
          ? ["metric", "baseline", "candidate", "change", "at worst", "p", "scenarios", "verdict"]
          : ["metric", "passed", "95 %", "scenarios"],
      ),
    ),
    shown.length === 0
      ? ""
      : table(
          shown.slice(0, SHOWN_SCENARIOS).map((row) => cells.scenario(row)),
          columns(
            isCompared
              ? ["scenario", "change", "baseline", "candidate"]
              : ["scenario", "result", "passed"],
          ),
        ),
    rest > 0 ? `and ${String(rest)} more scenarios` : "",
    report.notes.join("\n"),
    factsOf(report),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function factsOf({ facts, verdict }: RunReport): string {
  const rows = facts.map(({ name, baseline, candidate }) =>
    verdict === null ? [name, candidate] : [name, baseline ?? "", candidate],
  );
  return table(rows, columns(verdict === null ? ["", "run"] : ["", "baseline", "candidate"]));
}

function columns(titles: readonly string[]) {
  return titles.map((title, index) => ({
    title,
    value: (row: readonly string[]) => row[index] ?? "",
    maximum: WIDEST_CELL,
  }));
}
