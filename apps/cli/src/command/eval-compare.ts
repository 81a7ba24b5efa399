import { resolve } from "node:path";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { gateExitCode, gateOf, type GateOptions, withGate } from "./eval-gate.ts";
import { makeReports, type ReporterOptions, withReporters } from "./eval-report.ts";
import { parsedFile } from "./parsed-file.ts";

interface CompareCommandOptions extends OutputOptions, GateOptions, ReporterOptions {
  readonly markdown?: true;
}

export function addEvalCompareCommand(evaluation: Command, context: CommandContext): void {
  const compare = evaluation
    .command("compare")
    .argument("<baseline>", "file of the run to compare with")
    .argument("<candidate>", "file of the run that is judged")
    .description("did an agent get worse between two saved runs? exit code 1 if so, 3 if unknown")
    .option("--markdown", "print a comment for a pull request");
  withJson(withReporters(withGate(compare))).action(
    (baseline: string, candidate: string, options: CompareCommandOptions) =>
      compareFiles(context, [baseline, candidate], options),
  );
}

async function compareFiles(
  { terminal, finish }: CommandContext,
  files: readonly [string, string],
  options: CompareCommandOptions,
) {
  const { compareRuns, markdownReport, readRun, runReport } = await import("@scouter/evaluate");
  const read = (file: string) =>
    readRun(parsedFile(resolve(terminal.workingFolder, file), errors.CLI_RUN_FILE), file);
  const [baseline, candidate] = [read(files[0]), read(files[1])];
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
