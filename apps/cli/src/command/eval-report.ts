import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Reporter, ReportInput, RunReport } from "@scouter/evaluate";
import { type Command, InvalidArgumentError, Option } from "commander";
import { errors } from "../errors.ts";
import { reportText } from "../output/report-text.ts";
import type { Terminal } from "../terminal.ts";

/** The names that `--reporter` takes; a test keeps them equal to those of @scouter/evaluate. */
export const REPORTER_NAMES: readonly Reporter[] = ["table", "json", "junit", "markdown", "html"];

export interface ReporterOptions {
  readonly reporter: readonly Reporter[];
  /** Folder of the files; needed when there are any. */
  readonly out?: string;
}

/** Adds `--reporter` and `--out`. */
export function withReporters(command: Command): Command {
  return command
    .addOption(
      new Option("--reporter <list>", `what is made of it: ${REPORTER_NAMES.join(",")}`)
        .argParser(readNames)
        .default(["table"] satisfies Reporter[], "table"),
    )
    .option("--out <folder>", "where the files of reporters go");
}

/**
 * What `eval run` and `eval compare` tell: the table as text for standard output (undefined when it was not asked for), and
 * every other reporter's file in the folder.
 *
 * @throws CLI_OUT_MISSING, CLI_OUT_FOLDER
 */
export async function makeReports(
  terminal: Terminal,
  input: ReportInput,
  options: ReporterOptions,
): Promise<{ readonly text: string | undefined; readonly files: readonly string[] }> {
  const { reportFiles, runReport } = await import("@scouter/evaluate");
  const files = reportFiles(input, options.reporter);
  if (files.length > 0 && options.out === undefined) {
    throw errors.CLI_OUT_MISSING({ reporters: options.reporter.join(",") });
  }
  const folder = resolve(terminal.workingFolder, options.out ?? ".");
  try {
    if (files.length > 0) mkdirSync(folder, { recursive: true });
    for (const { name, text } of files) writeFileSync(join(folder, name), text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.CLI_OUT_FOLDER({ folder, reason }, { cause });
  }
  const text = options.reporter.includes("table") ? await tableOf(runReport(input)) : undefined;
  return { text, files: files.map(({ name }) => join(folder, name)) };
}

async function tableOf(report: RunReport): Promise<string> {
  const { comparedCells, ownCells, scenarioCells } = await import("@scouter/evaluate");
  const isCompared = report.verdict !== null;
  return reportText(report, {
    metric: isCompared ? comparedCells : ownCells,
    scenario: (row) => scenarioCells(row, isCompared),
  });
}

function readNames(list: string): readonly Reporter[] {
  const names = list.split(",").map((name) => name.trim());
  return names.map((name) => {
    const known = REPORTER_NAMES.find((own) => own === name);
    if (known === undefined) {
      throw new InvalidArgumentError(`'${name}' is none of ${REPORTER_NAMES.join(", ")}`);
    }
    return known;
  });
}
