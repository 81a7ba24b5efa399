import { resolve } from "node:path";
import type { TableFile, TableNote, TableRunOptions } from "@scouter/tabular";
import { type Command, Option } from "commander";
import type { Terminal } from "../terminal.ts";

/** How a file of a table is to be read. */
export interface TableOptions {
  readonly format?: "csv" | "parquet" | "arrow";
  readonly delimiter?: string;
  readonly text?: readonly string[];
  readonly columns?: readonly string[];
  readonly without?: readonly string[];
}

export function withTable(command: Command): Command {
  return command
    .addOption(
      new Option("--format <format>", "of the file; default: by its extension").choices([
        "csv",
        "parquet",
        "arrow",
      ]),
    )
    .option("--delimiter <character>", "of a CSV file; default: what its first line has most of")
    .option("--text <columns...>", "columns of a CSV file that are texts, whatever they look like")
    .option("--columns <columns...>", "these columns alone")
    .option("--without <columns...>", "not these columns");
}

export function tableFileOf(terminal: Terminal, file: string, options: TableOptions): TableFile {
  return {
    file: resolve(terminal.workingFolder, file),
    format: options.format,
    delimiter: options.delimiter,
    textColumns: options.text,
  };
}

export function tableRunOf({ columns, without }: TableOptions): TableRunOptions {
  return { columns, without };
}

/** Progress and remarks go to standard error: a document on standard output stays one. */
export function tellNote(terminal: Terminal) {
  return ({ column, message }: TableNote): void => terminal.err(`note: ${column}: ${message}\n`);
}
