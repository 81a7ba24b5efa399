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

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Of `SCOUTER_USERNAME` and `SCOUTER_PASSWORD`; undefined when neither is set, for the SDK's default. */
export function loginOf(terminal: Pick<Terminal, "env">): Login | undefined {
  const username = terminal.env["SCOUTER_USERNAME"] || undefined;
  const password = terminal.env["SCOUTER_PASSWORD"] || undefined;
  if (username === undefined && password === undefined) return undefined;
  return { username: username ?? "guest", password: password ?? "guest" };
}

/** Option, then environment, then the default of a server on this machine. */
export function serverUrl(terminal: Terminal, options: ConnectionOptions): string {
  const fromEnvironment = terminal.env["SCOUTER_SERVER_URI"]?.trim();
  return (options.url ?? (fromEnvironment || DEFAULT_URL)).replace(/\/+$/, "");
}

/**
 * Does something with the server's client; a server that is not there, or does not know the user, becomes an error that
 * says how to name another.
 *
 * @param login when the environment names nobody
 * @throws CLI_SERVER_UNREACHABLE, CLI_LOGIN_REFUSED, or the client's own error
 */
export async function withServer<Result>(
  terminal: Terminal,
  options: ConnectionOptions,
  work: (client: ScouterClient, url: string) => Promise<Result>,
  login?: Login,
): Promise<Result> {
  const url = serverUrl(terminal, options);
  try {
    return await work(new ScouterClient({ baseUrl: url, ...(loginOf(terminal) ?? login) }), url);
  } catch (error) {
    if (isScouterError(error) && error.code === "SDK_SERVER_UNREACHABLE") {
      throw errors.CLI_SERVER_UNREACHABLE({ url, reason: error.message }, { cause: error });
    }
    if (isScouterError(error) && error.code === "SDK_UNAUTHORIZED") {
      throw errors.CLI_LOGIN_REFUSED({ url, reason: error.message }, { cause: error });
    }
    throw error;
  }
}
