import { resolve } from "node:path";
import { systemClock, type RunDocument } from "@scouter/contracts";
import type { CompareOptions } from "@scouter/evaluate";
import type { Command } from "commander";
import { withUrl } from "../connection.ts";
import { errors } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { LoadedAgent } from "../offline/loaded-agent.ts";
import type { RunGrowth } from "../offline/run-growth.ts";
import type { Terminal } from "../terminal.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { gateExitCode, gateOf, type GateOptions, withGate } from "./eval-gate.ts";
import { makeReports, type ReporterOptions, withReporters } from "./eval-report.ts";
import { decimal, wholeNumber } from "./number-option.ts";
import { readRunFrom, type RunSourceOptions } from "./run-source.ts";
import { listenForStop } from "../serve/stop-request.ts";

interface RunCommandOptions extends OutputOptions, GateOptions, ReporterOptions, RunSourceOptions {
  readonly agent?: string;
  readonly http?: string;
  readonly command?: string;
  readonly concurrency: number;
  readonly repeat: number;
  readonly maxRepeat?: number;
  readonly filter?: readonly string[];
  readonly timeout: number;
  readonly budget?: number;
  readonly baseline?: string;
  readonly resume?: true;
  readonly failFast?: true;
  readonly simulatedUser?: string;
  readonly notify?: string;
}

const MAX_SECONDS = 86_400;

export function addEvalRunCommand(evaluation: Command, context: CommandContext): void {
  const run = evaluation
    .command("run")
    .argument("<suite>", "file of the suite: .json, .yaml, .jsonl, or a module that exports one")
    .description("run a suite against an agent; with a baseline, exit code 1 when it got worse")
    .option("--agent <module>", "the agent, as <file> or <file>#<export>")
    .option("--http <url>", "the agent behind a URL that takes one POST for each message")
    .option("--command <command>", "the agent as a program, started for each message")
    .option("--concurrency <n>", "repeats at once", wholeNumber("--concurrency", 1, 1000), 4)
    .option("--repeat <n>", "runs of every scenario", wholeNumber("--repeat", 1, 1000), 1)
    .option(
      "--max-repeat <n>",
      "repeat until the comparison with the baseline is decided, so often at most",
      wholeNumber("--max-repeat", 1, 1000),
    )
    .option("--filter <ids...>", "only these scenarios; * stands for any characters")
    .option("--timeout <seconds>", "of one repeat", decimal("--timeout", 0.1, MAX_SECONDS), 300)
    .option("--budget <usd>", "begin nothing once so much is spent", decimal("--budget", 0, 1e6))
    .option("--baseline <run>", "what this one is compared with: a file, or <name>@server")
    .option("--space <space>", "of baselines on the server")
    .option("--simulated-user <model>", "who plays users, as <provider>/<model>")
    .option("--notify <channel>", "tell an alert channel when the exit code is not 0")
    .option("--resume", "go on with the run in the folder of --out")
    .option("--fail-fast", "end with the first error of the agent");
  withJson(withUrl(withReporters(withGate(run)))).action(
    (suite: string, options: RunCommandOptions) => runCommand(context, suite, options),
  );
}

async function runCommand(
  { terminal, finish }: CommandContext,
  suiteFile: string,
  options: RunCommandOptions,
): Promise<void> {
  if (options.resume && options.out === undefined) {
    throw errors.CLI_RESUME_WITHOUT_FOLDER(undefined);
  }
  const baseline = await baselineOf(terminal, options);
  const gate = await gateOf(terminal, options);
  const growth = await growthOf(options, baseline, gate);
  const { startSpanCapture } = await import("@scouter/sdk/offline");
  const { uuidv7 } = await import("@scouter/sdk");
  const { filterSuite } = await import("../offline/filter-suite.ts");
  const { openSuite } = await import("../offline/open-suite.ts");
  const suite = filterSuite(await openSuite(suiteFile, terminal.workingFolder), options.filter);
  const runId = uuidv7();
  // Before the agent's modules are loaded: tracers that they take must be ours.
  const spans = await startSpanCapture();
  const stopping = listenForStop(terminal, systemClock);
  let agent: LoadedAgent | undefined;
  try {
    agent = await agentOf(terminal, options, runId);
    const { runSuite } = await import("../offline/run-suite.ts");
    const { document, file } = await runSuite(terminal, suite, agent, {
      concurrency: options.concurrency,
      repeat: options.maxRepeat ?? options.repeat,
      growth,
      seed: options.seed,
      timeoutMs: options.timeout * 1000,
      budgetUsd: options.budget,
      failFast: options.failFast ?? false,
      folder: options.out === undefined ? undefined : resolve(terminal.workingFolder, options.out),
      resume: options.resume ?? false,
      simulatedUser: options.simulatedUser,
      runId,
      signal: abortedBy(stopping.requested),
    });
    if (file !== undefined) terminal.err(`results: ${file}\n`);
    await tell({ terminal, options, document, baseline, gate, finish });
  } finally {
    stopping.release();
    await agent?.close();
    spans.end();
  }
}

interface Telling {
  readonly terminal: Terminal;
  readonly options: RunCommandOptions;
  readonly document: RunDocument;
  readonly baseline: RunDocument | undefined;
  readonly gate: Awaited<ReturnType<typeof gateOf>>;
  readonly finish: (code: ExitCode) => void;
}

async function tell(telling: Telling): Promise<void> {
  const { terminal, options, document, baseline, gate, finish } = telling;
  const { compareRuns } = await import("@scouter/evaluate");
  const comparison = baseline === undefined ? undefined : compareRuns(baseline, document, gate);
  const input =
    comparison === undefined
      ? { candidate: document }
      : { comparison, baseline, candidate: document };
  // The run is saved as results.json already, scenario by scenario.
  const { text } = await makeReports(terminal, input, options);
  if (options.json || text !== undefined) {
    print(terminal, options, { document: comparison ?? document, text: () => text ?? "" });
  }
  const code =
    comparison === undefined ? await aloneCode(telling) : gateExitCode(comparison, options);
  if (options.notify !== undefined && code !== exitCodes.ok) {
    const { notifyOfRun } = await import("../offline/notify-of-run.ts");
    await notifyOfRun(terminal, options.notify, document, comparison);
  }
  finish(code);
}

/** Without a baseline nothing can have got worse; a run that says too little is still no good one. */
async function aloneCode({ terminal, document, options }: Telling): Promise<ExitCode> {
  const { missingShare } = await import("@scouter/evaluate");
  const share = missingShare(document);
  if (share <= options.maxMissing) return exitCodes.ok;
  const percent = `${(share * 100).toFixed(1)} %`;
  terminal.err(`invalid: ${percent} of the repeats have no outcome (--max-missing)\n`);
  return exitCodes.fault;
}

async function baselineOf(
  terminal: Terminal,
  options: RunCommandOptions,
): Promise<RunDocument | undefined> {
  const { baseline } = options;
  return baseline === undefined ? undefined : readRunFrom(terminal, baseline, options);
}

/** @throws CLI_MAX_REPEAT_ALONE */
async function growthOf(
  { maxRepeat }: RunCommandOptions,
  baseline: RunDocument | undefined,
  gate: CompareOptions,
): Promise<RunGrowth | undefined> {
  if (maxRepeat === undefined) return undefined;
  if (baseline === undefined) throw errors.CLI_MAX_REPEAT_ALONE(undefined);
  const { runGrowth } = await import("../offline/run-growth.ts");
  return runGrowth(baseline, maxRepeat, gate);
}

async function agentOf(
  { workingFolder }: Terminal,
  options: RunCommandOptions,
  runId: string,
): Promise<LoadedAgent> {
  const given = Object.entries({
    "--agent": options.agent,
    "--http": options.http,
    "--command": options.command,
  }).flatMap(([option, value]) => (value === undefined ? [] : [{ option, value }]));
  const [only] = given;
  if (only === undefined || given.length > 1) {
    throw errors.CLI_AGENT_CHOICE({ given: given.map(({ option }) => option) });
  }
  const { value } = only;
  if (only.option === "--http") {
    const { httpAgent } = await import("../offline/http-agent.ts");
    return httpAgent(value, runId);
  }
  if (only.option === "--command") {
    const { commandAgent } = await import("../offline/command-agent.ts");
    return commandAgent(value, workingFolder, runId);
  }
  const { loadAgentModule } = await import("../offline/agent-module.ts");
  return loadAgentModule(value, workingFolder);
}

function abortedBy(requested: Promise<string>): AbortSignal {
  const controller = new AbortController();
  void requested.then(() => {
    controller.abort(errors.CLI_INTERRUPTED({ what: "the run" }));
  });
  return controller.signal;
}
