import { type Clock, systemClock } from "@scouter/contracts";
import type { DemoReport } from "@scouter/example-support-agent";
import { ScouterClient } from "@scouter/sdk";
import type { ServerUrls } from "@scouter/server";
import { loginOf, type Login } from "../connection.ts";
import { errors } from "../errors.ts";
import { formatDuration } from "../output/time.ts";
import type { Terminal } from "../terminal.ts";
import { type Check, checkRun, type CheckedRun } from "./check-run.ts";
import { runFigures } from "./run-figures.ts";
import { startServerChild, type ServerChild, type ServerChildOptions } from "./server-child.ts";
import { readStoredRun, waitForVerdicts } from "./stored-run.ts";

export interface QuickstartOptions {
  /** Folder of the server's data, absolute. */
  readonly home: string;
  readonly questions: number | undefined;
  readonly signal: AbortSignal;
  /** Program that runs a server; default: this installation's. */
  readonly serverCommand?: ServerChildOptions["command"];
}

export interface StartedQuickstart {
  readonly server: ServerChild;
  readonly logFile: string;
}

export interface CheckedQuickstart extends CheckedRun {
  readonly urls: ServerUrls;
  readonly checks: readonly Check[];
}

const VERDICT_TIMEOUT_MS = 60_000;
const VERDICT_TIMEOUT_PER_RECORD_MS = 50;

/** Starts the server on `home`; its log goes to a file beside the folder, which belongs to the server alone. */
export async function startQuickstart(
  terminal: Terminal,
  options: QuickstartOptions,
): Promise<StartedQuickstart> {
  const logFile = `${options.home}.log`;
  const server = await timed(terminal, "start the server", () =>
    startServerChild({
      home: options.home,
      logFile,
      env: terminal.env,
      workingFolder: terminal.workingFolder,
      ...(options.serverCommand === undefined ? {} : { command: options.serverCommand }),
    }),
  );
  return { server, logFile };
}

/** Runs the demo against the started server, waits for its verdicts, and compares both sides. */
export async function tryOut(
  terminal: Terminal,
  { server }: StartedQuickstart,
  options: QuickstartOptions,
): Promise<CheckedQuickstart> {
  const { urls } = server;
  const login = loginOf(terminal);
  const client = new ScouterClient({ baseUrl: urls.http, ...login });
  const ended = server.ended.then((how): never => {
    throw errors.CLI_SERVER_ENDED({ how: String(how), log: `${options.home}.log`, lastLines: "" });
  });
  const work = async () => {
    const before = await client.summary();
    const report = await timed(terminal, "let the demo agent answer questions", () =>
      demo(urls, options, login),
    );
    await timed(terminal, "evaluate its answers", () =>
      waitForVerdicts(client, report, {
        clock: systemClock,
        signal: options.signal,
        timeoutMs: VERDICT_TIMEOUT_MS + report.acknowledged * VERDICT_TIMEOUT_PER_RECORD_MS,
      }),
    );
    const stored = await timed(terminal, "read everything back", () =>
      readStoredRun(client, report),
    );
    const after = await client.summary();
    const run = { report, stored, figures: runFigures(report, stored), before, after };
    return { ...run, urls, checks: checkRun(run) };
  };
  return Promise.race([work(), ended]);
}

async function demo(
  urls: ServerUrls,
  options: QuickstartOptions,
  login: Login | undefined,
): Promise<DemoReport> {
  const { runDemo } = await import("@scouter/example-support-agent");
  return runDemo({
    baseUrl: urls.http,
    otlpEndpoint: `${urls.otlpHttp ?? urls.http}/v1/traces`,
    signal: options.signal,
    ...(login === undefined ? {} : { login }),
    ...(options.questions === undefined ? {} : { questions: options.questions }),
  });
}

async function timed<Result>(
  terminal: Terminal,
  what: string,
  work: () => Promise<Result>,
  clock: Clock = systemClock,
): Promise<Result> {
  const startedMs = clock.monotonicMs();
  terminal.err(`${what} ...\n`);
  const result = await work();
  terminal.err(`${what}: done in ${formatDuration(clock.monotonicMs() - startedMs)}\n`);
  return result;
}
