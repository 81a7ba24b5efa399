import { type Clock, isScouterError, systemClock } from "@scouter/contracts";
import type { DemoReport } from "@scouter/example-support-agent";
import type { ModelDemoReport } from "@scouter/example-temperature-model";
import { ScouterClient, type Summary } from "@scouter/sdk";
import type { ServerUrls } from "@scouter/server";
import { errors } from "../errors.ts";
import { formatDuration } from "../output/time.ts";
import type { Terminal } from "../terminal.ts";
import { checkDrift, type CheckedDrift } from "./check-drift.ts";
import { type Check, checkRun, type CheckedRun } from "./check-run.ts";
import { driftFigures } from "./drift-figures.ts";
import { type QuickstartLogin, quickstartLogin } from "./quickstart-login.ts";
import { runFigures } from "./run-figures.ts";
import { startServerChild, type ServerChild, type ServerChildOptions } from "./server-child.ts";
import { waitForDrift } from "./stored-drift.ts";
import { readStoredRun, waitForVerdicts } from "./stored-run.ts";
import { windowSchedule } from "./window-schedule.ts";

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
  /** Undefined: guest, whom the server knows. */
  readonly login: QuickstartLogin | undefined;
}

/** The agent's run and the model's, both between the same two summaries. */
export interface CheckedQuickstart extends CheckedRun {
  readonly urls: ServerUrls;
  readonly drift: CheckedDrift;
  readonly checks: readonly Check[];
}

const VERDICT_TIMEOUT_MS = 60_000;
const VERDICT_TIMEOUT_PER_RECORD_MS = 50;
/** Usually over in 15 seconds; a server that was away for long makes up for windows of earlier runs meanwhile. */
const DRIFT_TIMEOUT_MS = 180_000;

/** Starts the server on `home`; its log goes to a file beside the folder, which belongs to the server alone. */
export async function startQuickstart(
  terminal: Terminal,
  options: QuickstartOptions,
): Promise<StartedQuickstart> {
  const logFile = `${options.home}.log`;
  const login = quickstartLogin(terminal.env, options.home);
  const server = await timed(terminal, "start the server", () =>
    startServerChild({
      home: options.home,
      logFile,
      env: terminal.env,
      workingFolder: terminal.workingFolder,
      login: login?.credentials,
      ...(options.serverCommand === undefined ? {} : { command: options.serverCommand }),
    }),
  );
  return { server, logFile, login };
}

/** Runs both demos against the started server, waits for what comes of them, and compares both sides. */
export async function tryOut(
  terminal: Terminal,
  started: StartedQuickstart,
  options: QuickstartOptions,
): Promise<CheckedQuickstart> {
  const ended = started.server.ended.then((how): never => {
    throw errors.CLI_SERVER_ENDED({ how: String(how), log: started.logFile, lastLines: "" });
  });
  return Promise.race([runDemos(terminal, started, options), ended]);
}

async function runDemos(
  terminal: Terminal,
  { server: { urls }, login }: StartedQuickstart,
  options: QuickstartOptions,
): Promise<CheckedQuickstart> {
  const { signal } = options;
  const client = new ScouterClient({ baseUrl: urls.http, ...login?.credentials });
  const before = await firstSummary(client, login);
  // First of all, because its windows have to end: the agent answers meanwhile.
  const model = await timed(terminal, "let the demo model predict temperatures", () =>
    modelDemo(urls, client, signal),
  );
  const report = await timed(terminal, "let the demo agent answer questions", () =>
    agentDemo(urls, options, login),
  );
  await timed(terminal, "evaluate its answers", () =>
    waitForVerdicts(client, report, {
      clock: systemClock,
      signal,
      timeoutMs: VERDICT_TIMEOUT_MS + report.acknowledged * VERDICT_TIMEOUT_PER_RECORD_MS,
    }),
  );
  const stored = await timed(terminal, "read everything back", () => readStoredRun(client, report));
  const storedDrift = await timed(terminal, "wait for the windows of the model's features", () =>
    waitForDrift(client, model, { clock: systemClock, signal, timeoutMs: DRIFT_TIMEOUT_MS }),
  );
  const after = await client.summary();
  const run = { report, stored, figures: runFigures(report, stored), before, after };
  const figures = driftFigures(storedDrift);
  const drift = { report: model, stored: storedDrift, figures, before, after };
  return { ...run, urls, drift, checks: [...checkRun(run), ...checkDrift(drift)] };
}

/** The first request that asks for a login. */
async function firstSummary(
  client: ScouterClient,
  login: QuickstartLogin | undefined,
): Promise<Summary> {
  try {
    return await client.summary();
  } catch (error) {
    if (!isScouterError(error) || error.code !== "SDK_UNAUTHORIZED") throw error;
    const username = login?.credentials.username ?? "guest";
    throw errors.CLI_QUICKSTART_LOGIN_REFUSED(
      { username, reason: error.message },
      { cause: error },
    );
  }
}

async function modelDemo(
  urls: ServerUrls,
  client: ScouterClient,
  signal: AbortSignal,
): Promise<ModelDemoReport> {
  const { runModelDemo } = await import("@scouter/example-temperature-model");
  return runModelDemo({
    baseUrl: urls.http,
    token: await client.accessToken(),
    schedule: windowSchedule(systemClock.now()),
    signal,
  });
}

async function agentDemo(
  urls: ServerUrls,
  options: QuickstartOptions,
  login: QuickstartLogin | undefined,
): Promise<DemoReport> {
  const { runDemo } = await import("@scouter/example-support-agent");
  return runDemo({
    baseUrl: urls.http,
    otlpEndpoint: `${urls.otlpHttp ?? urls.http}/v1/traces`,
    signal: options.signal,
    ...(login === undefined ? {} : { login: login.credentials }),
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
