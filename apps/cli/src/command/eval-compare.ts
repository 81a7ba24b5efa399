import type { Command } from "commander";
import { withUrl } from "../connection.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { gateExitCode, gateOf, type GateOptions, withGate } from "./eval-gate.ts";
import { makeReports, type ReporterOptions, withReporters } from "./eval-report.ts";
import { readRunFrom, type RunSourceOptions } from "./run-source.ts";

interface CompareCommandOptions
  extends OutputOptions, GateOptions, ReporterOptions, RunSourceOptions {
  readonly markdown?: true;
}

export function addEvalCompareCommand(evaluation: Command, context: CommandContext): void {
  const compare = evaluation
    .command("compare")
    .argument("<baseline>", "file of the run to compare with, or <name>@server")
    .argument("<candidate>", "file of the run that is judged, or <name>@server")
    .description("did an agent get worse between two saved runs? exit code 1 if so, 3 if unknown")
    .option("--space <space>", "of baselines on the server")
    .option("--markdown", "print a comment for a pull request");
  withJson(withUrl(withReporters(withGate(compare)))).action(
    (baseline: string, candidate: string, options: CompareCommandOptions) =>
      compareFiles(context, [baseline, candidate], options),
  );
}

async function compareFiles(
  { terminal, finish }: CommandContext,
  files: readonly [string, string],
  options: CompareCommandOptions,
) {
  const { compareRuns, markdownReport, runReport } = await import("@scouter/evaluate");
  const baseline = await readRunFrom(terminal, files[0], options);
  const candidate = await readRunFrom(terminal, files[1], options);
  const comparison = compareRuns(baseline, candidate, await gateOf(terminal, options));
  const input = { comparison, baseline, candidate };
  const { text } = await makeReports(terminal, input, options);
  if (options.json || options.markdown || text !== undefined) {
    print(terminal, options, {
      document: comparison,
      text: () => (options.markdown ? markdownReport(runReport(input)) : (text ?? "")),
    });
  }
  finish(gateExitCode(comparison, options));
}
