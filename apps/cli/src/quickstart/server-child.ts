import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type ScouterError, systemClock } from "@scouter/contracts";
import type { ServerUrls } from "@scouter/server";
import type { Login } from "../connection.ts";
import { errors } from "../errors.ts";
import { asServeMessage, type ServeMessage } from "../serve/serve-message.ts";
import { serverEnvironment } from "./server-environment.ts";

/** A loaded or slow machine takes many times the usual two seconds. */
const READY_TIMEOUT_MS = 120_000;
/** Longer than the server's own limits for an orderly stop. */
const STOP_TIMEOUT_MS = 45_000;
const SHOWN_LOG_LINES = 15;

export interface ServerChildOptions {
  readonly home: string;
  /** File that takes the server's log. */
  readonly logFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  /** Administrator that the server creates when nobody is known yet; undefined: as without the quickstart. */
  readonly login?: Login | undefined;
  /** Program and parameters; default: `scouter serve` of this installation. */
  readonly command?: readonly [string, ...string[]];
}

export interface ServerChild {
  readonly urls: ServerUrls;
  /** Resolves when the process has ended, with its exit code or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Asks for an orderly stop and waits for it; a server that does not come to an end is killed. Idempotent. */
  stop(): Promise<number | string>;
}

const BIN = fileURLToPath(new URL("../../bin/scouter.mjs", import.meta.url));

/**
 * Starts a server as a process of its own and waits until it is ready. It has a process group of its own, so that
 * Ctrl-C reaches only us and we end it in order; it ends by itself when this process dies.
 *
 * @throws CLI_SERVER_REFUSED with the server's own message and remedy, CLI_SERVER_ENDED, CLI_SERVER_NOT_READY
 */
export async function startServerChild(options: ServerChildOptions): Promise<ServerChild> {
  const child = spawnServer(options);
  const ended = new Promise<number | string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    const kill = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    const how = await ended;
    clearTimeout(kill);
    return how;
  };
  try {
    return { urls: await ready(child, ended, options), ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function spawnServer(options: ServerChildOptions): ChildProcess {
  const [program, ...parameters] = options.command ?? [
    process.execPath,
    ...process.execArgv,
    BIN,
    "serve",
  ];
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, "a");
  try {
    return spawn(program, parameters, {
      cwd: options.workingFolder,
      env: serverEnvironment(options.env, options),
      stdio: ["ignore", log, log, "ipc"],
      detached: process.platform !== "win32",
    });
  } finally {
    closeSync(log);
  }
}

async function ready(
  child: ChildProcess,
  ended: Promise<number | string>,
  options: ServerChildOptions,
): Promise<ServerUrls> {
  const { logFile } = options;
  const patience = new AbortController();
  const told = new Promise<ServerUrls>((resolve, reject) => {
    child.on("message", (received) => {
      const message = asServeMessage(received);
      if (message?.kind === "started") resolve(message.urls);
      if (message?.kind === "refused") reject(refusal(message, options));
    });
  });
  const gone = ended.then((how) => {
    throw errors.CLI_SERVER_ENDED({
      how: String(how),
      log: logFile,
      lastLines: lastLines(logFile),
    });
  });
  const late = systemClock.sleep(READY_TIMEOUT_MS, patience.signal).then(() => {
    throw errors.CLI_SERVER_NOT_READY({ seconds: READY_TIMEOUT_MS / 1000 });
  });
  try {
    return await Promise.race([told, gone, late]);
  } finally {
    patience.abort();
  }
}

function refusal(
  message: Extract<ServeMessage, { readonly kind: "refused" }>,
  { home }: ServerChildOptions,
): ScouterError {
  // The server's own remedy names a variable that the quickstart takes out of its environment.
  if (message.code === "SERVER_LAKE_FOREIGN") {
    return errors.CLI_LAKE_FOREIGN({ message: message.message, home });
  }
  return message.ourFault ? errors.CLI_SERVER_FAILED(message) : errors.CLI_SERVER_REFUSED(message);
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-SHOWN_LOG_LINES).join("\n");
}
