import { CommanderError } from "commander";
import { describeError, type ExitCode, exitCodeOf, exitCodes } from "./exit-code.ts";
import { buildProgram } from "./program.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/**
 * Runs one command line.
 *
 * @param words after the name of the command, such as `["traces", "list", "--json"]`
 * @returns 0 ok, 1 a check failed, 2 usage or configuration, 3 our fault
 */
export async function main(
  words: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = buildProgram(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return exitCode;
  } catch (error) {
    // commander has printed its message (or the help that was asked for) itself.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    }
    terminal.err(`${describeError(error)}\n`);
    return exitCodeOf(error);
  }
}
