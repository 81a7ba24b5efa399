import { resolve } from "node:path";
import { systemClock } from "@scouter/contracts";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { type Check, describeCheck } from "../quickstart/check-run.ts";
import { removeHome } from "../quickstart/home-folder.ts";
import {
  type CheckedQuickstart,
  startQuickstart,
  type StartedQuickstart,
  tryOut,
} from "../quickstart/run-quickstart.ts";
import { furtherCommands } from "../quickstart/further-commands.ts";
import { databaseUri, databaseWords } from "../quickstart/server-environment.ts";
import { summaryText } from "../quickstart/summary-text.ts";
import { listenForStop } from "../serve/stop-request.ts";
import type { Terminal } from "../terminal.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { wholeNumber } from "./number-option.ts";

interface QuickstartCommandOptions extends OutputOptions {
  readonly once?: true;
  readonly fresh?: true;
  readonly questions?: number;
}

export function addQuickstartCommand(program: Command, context: CommandContext): void {
  const quickstart = program
    .command("quickstart")
    .description("start a server, run the demos against it, show what came of them")
    .option("--once", "verify every figure, stop the server, exit 0 or 1")
    .option("--fresh", "remove the data of earlier runs first (not of a DATABASE_URI)")
    .option("--questions <n>", "1 to 100000 (default: 60)", wholeNumber("--questions", 1, 100_000));
  withJson(quickstart).action((options: QuickstartCommandOptions) =>
    runQuickstart(context, options),
  );
}

async function runQuickstart(
  { terminal, finish }: CommandContext,
  options: QuickstartCommandOptions,
) {
  const home = resolve(terminal.workingFolder, terminal.env["SCOUTER_HOME"]?.trim() || ".scouter");
  if (options.fresh) startAfresh(terminal, home);
  const stop = listenForStop(terminal, systemClock);
  const abort = new AbortController();
  void stop.requested.then(() => abort.abort(errors.CLI_INTERRUPTED({ what: "the quickstart" })));
  const settings = { home, questions: options.questions, signal: abort.signal };
  try {
    const started = await startQuickstart(terminal, settings);
    try {
      const run = await tryOut(terminal, started, settings);
      report(terminal, options, { run, started, home, staysUp: options.once === undefined });
      const outcome = outcomeOf(run.checks);
      if (!options.once) await stayUp(terminal, started, stop.requested);
      finish(await stopServer(terminal, started, outcome));
    } finally {
      await started.server.stop();
    }
  } finally {
    stop.release();
  }
}

/** The lake in the folder belongs to the database that remembers its id, and other servers may use both. */
function startAfresh(terminal: Terminal, home: string): void {
  if (databaseUri(terminal.env) === undefined) return removeHome(home);
  terminal.err(
    `--fresh removes nothing, because the database of DATABASE_URI and the lake in '${home}' belong together; to start afresh, set DATABASE_URI to an empty database and SCOUTER_HOME to a new folder\n`,
  );
}

interface Reported {
  readonly run: CheckedQuickstart;
  readonly started: StartedQuickstart;
  readonly home: string;
  readonly staysUp: boolean;
}

function report(
  terminal: Terminal,
  options: OutputOptions,
  { run, started, home, staysUp }: Reported,
): void {
  const { logFile, login } = started;
  const database = databaseWords(terminal.env);
  const summarized = { ...run, home, logFile, login, database, staysUp };
  const { report: model, figures: drift } = run.drift;
  print(terminal, options, {
    document: {
      urls: run.urls,
      home,
      profile: run.report.profile,
      sent: { spans: run.report.spansExported, records: run.report.acknowledged },
      figures: run.figures,
      model: {
        profiles: model.profiles,
        requests: model.requests,
        observations: model.observations,
        expectedError: model.expectedError,
        observedError: model.observedError,
      },
      drift,
      login:
        login === undefined
          ? null
          : { username: login.credentials.username, passwordFile: login.passwordFile ?? null },
      checks: run.checks,
      further: furtherCommands(summarized).map(({ command }) => command),
    },
    text: () => summaryText(summarized),
  });
  for (const check of run.checks) {
    if (!check.holds) terminal.err(`error: ${describeCheck(check)}\n`);
  }
}

function outcomeOf(checks: readonly Check[]): ExitCode {
  return checks.every((check) => check.holds) ? exitCodes.ok : exitCodes.checkFailed;
}

async function stayUp(
  terminal: Terminal,
  { server, logFile }: StartedQuickstart,
  requested: Promise<string>,
): Promise<void> {
  terminal.err("The server keeps running; Ctrl-C stops it.\n");
  const ended = server.ended.then((how): never => {
    throw errors.CLI_SERVER_ENDED({ how: String(how), log: logFile, lastLines: "" });
  });
  await Promise.race([requested, ended]);
}

/** An orderly stop is part of what is verified. */
async function stopServer(
  terminal: Terminal,
  { server, logFile }: StartedQuickstart,
  outcome: ExitCode,
): Promise<ExitCode> {
  terminal.err("stop the server ...\n");
  const how = await server.stop();
  if (how === 0) return outcome;
  terminal.err(
    `error: the server did not stop in order: it ended with ${String(how)} (see its log ${logFile})\n`,
  );
  return exitCodes.fault;
}
