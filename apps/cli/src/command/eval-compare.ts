import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type {
  CompareMode,
  MetricComparison,
  RunComparison,
  ScenarioChange,
} from "@scouter/evaluate";
import { type Command, Option } from "commander";
import { errors } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { table } from "../output/table.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { share } from "./number-option.ts";

interface CompareCommandOptions extends OutputOptions {
  readonly mode: CompareMode;
  readonly threshold: number;
  readonly alpha: number;
  readonly maxMissing: number;
  readonly gate?: readonly string[];
  readonly allowRemoved?: true;
  readonly require?: "non-inferior";
  readonly markdown?: true;
}

export function addEvalCompareCommand(evaluation: Command, context: CommandContext): void {
  const compare = evaluation
    .command("compare")
    .argument("<baseline>", "file of the run to compare with")
    .argument("<candidate>", "file of the run that is judged")
    .description("did an agent get worse between two saved runs? exit code 1 if so, 3 if unknown")
    .addOption(
      new Option("--mode <mode>", "what fails the comparison")
        .choices(["statistical", "threshold", "strict"])
        .default("statistical"),
    )
    .option(
      "--threshold <share>",
      "drop of a pass rate that is tolerated",
      share("--threshold"),
      0.05,
    )
    .option(
      "--alpha <share>",
      "probability of failing an unchanged candidate",
      share("--alpha"),
      0.05,
    )
    .option("--max-missing <share>", "outcomes that may be missing", share("--max-missing"), 0.02)
    .option("--gate <tasks...>", "tasks, as <task> or <alias>/<task>, that may fail it too")
    .option("--allow-removed", "leave out what the candidate lacks instead of failing it")
    .addOption(
      new Option("--require <verdict>", "fail unless this is proved").choices(["non-inferior"]),
    )
    .option("--markdown", "print a comment for a pull request");
  withJson(compare).action((baseline: string, candidate: string, options: CompareCommandOptions) =>
    compareFiles(context, [baseline, candidate], options),
  );
}

async function compareFiles(
  { terminal, finish }: CommandContext,
  [baseline, candidate]: readonly [string, string],
  options: CompareCommandOptions,
) {
  const { compareRuns, comparisonMarkdown, metricCells, readRun, scenarioCells } =
    await import("@scouter/evaluate");
  const read = (file: string) => readRun(parsedFile(resolve(terminal.workingFolder, file)), file);
  const comparison = compareRuns(read(baseline), read(candidate), {
    mode: options.mode,
    regressionThreshold: options.threshold,
    alpha: options.alpha,
    maxMissing: options.maxMissing,
    gate: options.gate ?? [],
    allowRemoved: options.allowRemoved ?? false,
  });
  print(terminal, options, {
    document: comparison,
    text: () =>
      options.markdown
        ? comparisonMarkdown(comparison)
        : comparisonText(comparison, { metricCells, scenarioCells }),
  });
  finish(exitCodeFor(comparison, options));
}

function exitCodeFor({ verdict }: RunComparison, options: CompareCommandOptions): ExitCode {
  if (verdict === "invalid") return exitCodes.fault;
  const isUnproved = options.require !== undefined && verdict !== options.require;
  return verdict === "fail" || isUnproved ? exitCodes.checkFailed : exitCodes.ok;
}

interface Cells {
  readonly metricCells: (metric: MetricComparison) => readonly string[];
  readonly scenarioCells: (change: ScenarioChange) => readonly string[];
}

function comparisonText(comparison: RunComparison, cells: Cells): string {
  const metrics = comparison.metrics.map((metric) => cells.metricCells(metric));
  const changed = comparison.scenarios
    .filter(({ status }) => status !== "unchanged")
    .map((scenario) => cells.scenarioCells(scenario));
  const columns = (titles: readonly string[]) =>
    titles.map((title, index) => ({
      title,
      value: (row: readonly string[]) => row[index] ?? "",
      maximum: 60,
    }));
  return [
    [`verdict: ${comparison.verdict}`, ...comparison.reasons.map((own) => `  ${own}`)].join("\n"),
    table(
      metrics,
      columns(["metric", "baseline", "candidate", "change", "p", "scenarios", "verdict"]),
    ),
    changed.length === 0
      ? ""
      : table(changed, columns(["scenario", "change", "baseline", "candidate"])),
    comparison.notes.join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function parsedFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.CLI_RUN_FILE({ file, reason }, { cause });
  }
}
