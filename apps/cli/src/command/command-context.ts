import type { Command } from "commander";
import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";

/** What every command gets. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Called once, when the command ends in order. */
  readonly finish: (code: ExitCode) => void;
}

export interface OutputOptions {
  readonly json?: true;
}

/** Adds `--json`, which every command has: one JSON document on standard output, of a shape that stays. */
export function withJson(command: Command): Command {
  return command.option("--json", "print one JSON document");
}

/** A command's result: the document for programs, and how people read it. */
export interface Result {
  readonly document: unknown;
  readonly text: () => string;
}

export function print(terminal: Terminal, options: OutputOptions, result: Result): void {
  const text = options.json ? JSON.stringify(result.document, null, 2) : result.text();
  terminal.out(text.endsWith("\n") ? text : `${text}\n`);
}
