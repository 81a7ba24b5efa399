import { isScouterError } from "@scouter/contracts";
import { ScouterClient } from "@scouter/sdk";
import type { Command } from "commander";
import { errors } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

export const DEFAULT_URL = "http://localhost:8000";

export interface ConnectionOptions {
  readonly url?: string;
}

export function withUrl(command: Command): Command {
  return command.option(
    "--url <address>",
    `address of the server (default: SCOUTER_SERVER_URI, else ${DEFAULT_URL})`,
  );
}

/** Option, then environment, then the default of a server on this machine. */
export function serverUrl(terminal: Terminal, options: ConnectionOptions): string {
  const fromEnvironment = terminal.env["SCOUTER_SERVER_URI"]?.trim();
  return (options.url ?? (fromEnvironment || DEFAULT_URL)).replace(/\/+$/, "");
}

/**
 * Does something with the server's client; a server that is not there becomes an error that says how to name one.
 *
 * @throws CLI_SERVER_UNREACHABLE, or the client's own error
 */
export async function withServer<Result>(
  terminal: Terminal,
  options: ConnectionOptions,
  work: (client: ScouterClient, url: string) => Promise<Result>,
): Promise<Result> {
  const url = serverUrl(terminal, options);
  try {
    return await work(new ScouterClient({ baseUrl: url }), url);
  } catch (error) {
    if (isScouterError(error) && error.code === "SDK_SERVER_UNREACHABLE") {
      throw errors.CLI_SERVER_UNREACHABLE({ url, reason: error.message }, { cause: error });
    }
    throw error;
  }
}
