import {
  type DriftWindow,
  type DriftWindowStatus,
  driftWindowStatus,
  type ProfileSummary,
} from "@scouter/contracts";
import type { ScouterClient } from "@scouter/sdk";
import { type Command, Option } from "commander";
import { type ConnectionOptions, withServer, withUrl } from "../connection.ts";
import { exitCodes } from "../exit-code.ts";
import { table } from "../output/table.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { allProfiles, findProfile } from "./find-profile.ts";
import { wholeNumber } from "./number-option.ts";

type Options = ConnectionOptions & OutputOptions;

interface WindowsOptions extends Options {
  readonly status?: DriftWindowStatus;
  readonly limit: number;
}

interface ListedWindow extends DriftWindow {
  readonly profile: ProfileSummary;
}

export function addWindowCommands(drift: Command, context: CommandContext): void {
  const windows = drift
    .command("windows")
    .argument("[profile]", "uid, space/name or space/name/version (default: all)")
    .description("windows with their ids, newest first")
    .addOption(
      new Option("--status <status>", "only such ones; what failed was given up").choices(
        driftWindowStatus.options,
      ),
    )
    .option("--limit <n>", "of each profile, 1 to 1000", wholeNumber("--limit", 1, 1000), 20);
  withJson(withUrl(windows)).action((given: string | undefined, options: WindowsOptions) =>
    listWindows(context, given, options),
  );
  const rerun = drift
    .command("rerun")
    .argument("<window-id>", "see 'scouter drift windows --status failed'")
    .description("compute a window again that failed, or that observations came late for");
  withJson(withUrl(rerun)).action((given: string, options: Options) =>
    rerunWindow(context, given, options),
  );
}

async function listWindows(
  { terminal, finish }: CommandContext,
  given: string | undefined,
  options: WindowsOptions,
) {
  const items = await withServer(terminal, options, async (client) => {
    const all = given === undefined;
    const profiles = all ? await allProfiles(client) : [await findProfile(client, given)];
    return windowsOf(client, profiles, options);
  });
  print(terminal, options, {
    document: { items },
    text: () => (items.length === 0 ? "no windows" : windowTable(items)),
  });
  finish(exitCodes.ok);
}

/** One profile after the other: a thousand requests at once would be refused. */
async function windowsOf(
  client: ScouterClient,
  profiles: readonly ProfileSummary[],
  { limit, status }: WindowsOptions,
): Promise<readonly ListedWindow[]> {
  const found: ListedWindow[] = [];
  for (const profile of profiles) {
    const request = { uid: profile.uid, limit, ...(status === undefined ? {} : { status }) };
    const page = await client.driftWindows(request);
    found.push(...page.items.map((item) => ({ ...item, profile })));
  }
  return found.sort((a, b) => b.window_end.localeCompare(a.window_end) || b.id - a.id);
}

function windowTable(windows: readonly ListedWindow[]): string {
  return table(windows, [
    { title: "id", align: "right", value: ({ id }) => String(id) },
    { title: "profile", value: profileText, maximum: 50 },
    { title: "from", value: (window) => timeText(window.window_start) },
    { title: "to", value: (window) => timeText(window.window_end) },
    { title: "status", value: statusText },
    { title: "observed", align: "right", value: ({ observed }) => String(observed ?? "-") },
    { title: "late", align: "right", value: ({ late }) => String(late) },
    { title: "reason", value: (window) => window.last_error ?? "", maximum: 80 },
  ]);
}

function profileText({ profile: { space, name, version } }: ListedWindow): string {
  return `${space}/${name}/${version}`;
}

export function statusText({ status, skipped_windows: skipped, revised }: DriftWindow): string {
  if (status === "skipped") return `skipped ${String(skipped)}`;
  return revised > 0 ? `${status}, revised` : status;
}

export function timeText(time: string): string {
  return time.slice(0, 19).replace("T", " ");
}

async function rerunWindow({ terminal, finish }: CommandContext, given: string, options: Options) {
  const id = wholeNumber("<window-id>", 1, Number.MAX_SAFE_INTEGER)(given);
  const window = await withServer(terminal, options, (client) => client.rerunDriftWindow(id));
  print(terminal, options, {
    document: window,
    text: () => `window ${String(id)} is due again: a worker computes it as soon as it is free`,
  });
  finish(exitCodes.ok);
}
