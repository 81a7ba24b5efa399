import { isScouterError, systemClock } from "@scouter/contracts";
import type { ServerUrls, System } from "@scouter/server";
import type { Command } from "commander";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-code.ts";
import { listenForStop } from "../serve/stop-request.ts";
import type { Terminal } from "../terminal.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";

interface ServeOptions extends OutputOptions {
  readonly home?: string;
}

export function addServeCommand(program: Command, context: CommandContext): void {
  const serve = program
    .command("serve")
    .description("run the server until a signal; a second signal ends it at once")
    .option("--home <folder>", "folder of its data (default: SCOUTER_HOME, else ./.scouter)");
  withJson(serve).action((options: ServeOptions) => runServe(context, options));
}

/** Its addresses go to standard output once it is ready; its log goes to standard error. */
async function runServe({ terminal, finish }: CommandContext, options: ServeOptions) {
  const stop = listenForStop(terminal, systemClock);
  try {
    const system = await composeServer(terminal, options);
    const fault = endedByItself(terminal, system);
    const { urls } = await system.start();
    print(terminal, options, { document: { urls }, text: () => urlText(urls) });
    terminal.parent?.send({ kind: "started", urls });
    const { reason, exitCode } = await Promise.race([fault, wish(stop.requested)]);
    await system.stop(reason);
    finish(exitCode);
  } catch (error) {
    if (isScouterError(error)) {
      const { code, message, remedy = "" } = error;
      const ourFault = exitCodeOf(error) === exitCodes.fault;
      terminal.parent?.send({ kind: "refused", code, message, remedy, ourFault });
    }
    throw error;
  } finally {
    stop.release();
    terminal.parent?.close();
  }
}

/** The server is loaded only here: every other command starts without it. */
async function composeServer(terminal: Terminal, options: ServeOptions): Promise<System> {
  const { compose, readConfig } = await import("@scouter/server");
  const home = options.home === undefined ? {} : { SCOUTER_HOME: options.home };
  return compose(readConfig({ ...terminal.env, ...home }, terminal.workingFolder));
}

interface End {
  readonly reason: string;
  readonly exitCode: ExitCode;
}

async function wish(requested: Promise<string>): Promise<End> {
  return { reason: await requested, exitCode: exitCodes.ok };
}

/** An error nobody foresaw, or the loss of a part that the server needs: stop in order, and say it was our fault. */
function endedByItself(terminal: Terminal, system: System): Promise<End> {
  const { promise, resolve } = Promise.withResolvers<End>();
  terminal.onFault((err) => {
    system.logger.fatal({ err }, "unexpected error");
    resolve({ reason: "an unexpected error", exitCode: exitCodes.fault });
  });
  void system.failed.then(() =>
    resolve({ reason: "a part that is needed ended", exitCode: exitCodes.fault }),
  );
  return promise;
}

function urlText(urls: ServerUrls): string {
  return [
    `Scouter listens on ${urls.http}`,
    `  spans    ${urls.otlpHttp ?? urls.http}/v1/traces`,
    `  OTLP     ${urls.otlpGrpc ?? "off"} (gRPC)`,
    `  gRPC     ${urls.grpc ?? "off"}`,
    `  metrics  ${urls.metrics === null ? "off" : `${urls.metrics}/metrics`}`,
  ].join("\n");
}
