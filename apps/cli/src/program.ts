import { Command } from "commander";
import { addAdminCommands } from "./command/admin.ts";
import { addAlertCommands } from "./command/alert.ts";
import { addDemoCommand } from "./command/demo.ts";
import type { CommandContext } from "./command/command-context.ts";
import { addDriftCommands } from "./command/drift.ts";
import { addEvalCommands } from "./command/eval.ts";
import { addProfileCommands } from "./command/profile.ts";
import { addQuickstartCommand } from "./command/quickstart.ts";
import { addServeCommand } from "./command/serve.ts";
import { addTracesCommands } from "./command/traces.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** The command line: `scouter <noun> <verb>`. Commands load what they need when they run, so that `--help` is quick. */
export function buildProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command("scouter")
    .description("Watches ML models and AI agents in production and gates them before release")
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
    })
    .exitOverride()
    .showHelpAfterError("(see --help)");
  const context: CommandContext = { terminal, finish };
  addServeCommand(program, context);
  addDemoCommand(program, context);
  addTracesCommands(program, context);
  addProfileCommands(program, context);
  addEvalCommands(program, context);
  addDriftCommands(program, context);
  addAlertCommands(program, context);
  addQuickstartCommand(program, context);
  addAdminCommands(program, context);
  program.addHelpText(
    "after",
    "\nExit codes: 0 ok, 1 a check failed, 2 usage or configuration, 3 our fault",
  );
  return program;
}
