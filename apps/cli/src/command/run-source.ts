import { resolve } from "node:path";
import type { RunDocument } from "@scouter/contracts";
import type { ScouterClient } from "@scouter/sdk";
import { type ConnectionOptions, withServer } from "../connection.ts";
import { errors } from "../errors.ts";
import type { Terminal } from "../terminal.ts";
import { parsedFile } from "./parsed-file.ts";

export interface RunSourceOptions extends ConnectionOptions {
  /** Of the server's runs and baselines. */
  readonly space?: string;
}

/** `<name>@server` is a baseline of the server; everything else is a file. */
const ON_SERVER = /^(?<name>.+)@server$/;

/**
 * A run as the command line names it.
 *
 * @throws CLI_RUN_FILE, CLI_BASELINE_UNKNOWN, CLI_SPACE_MISSING, EVALUATE_RUN_INVALID
 */
export async function readRunFrom(
  terminal: Terminal,
  source: string,
  options: RunSourceOptions,
): Promise<RunDocument> {
  const { readRun } = await import("@scouter/evaluate");
  const name = ON_SERVER.exec(source)?.groups?.["name"];
  if (name === undefined) {
    const file = resolve(terminal.workingFolder, source);
    return readRun(parsedFile(file, errors.CLI_RUN_FILE), source);
  }
  const space = spaceOf(options);
  return withServer(terminal, options, async (client) => {
    const { run } = await findBaseline(client, space, name);
    return readRun((await client.evalRun(run.id)).run, source);
  });
}

/** @throws CLI_BASELINE_UNKNOWN */
export async function findBaseline(client: ScouterClient, space: string, name: string) {
  let cursor: string | undefined;
  do {
    const asked = cursor === undefined ? { space } : { space, cursor };
    const page = await client.listEvalBaselines(asked);
    const found = page.items.find((own) => own.name === name);
    if (found !== undefined) return found;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  throw errors.CLI_BASELINE_UNKNOWN({ name, space });
}

/** @throws CLI_SPACE_MISSING */
export function spaceOf({ space }: RunSourceOptions): string {
  if (space === undefined || space === "") throw errors.CLI_SPACE_MISSING({});
  return space;
}
