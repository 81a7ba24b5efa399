import type { DriftFeatureResult, DriftWindow, DriftWindowPage } from "@scouter/contracts";
import type { ScouterClient } from "@scouter/sdk";
import type { Command } from "commander";
import { type ConnectionOptions, withServer, withUrl } from "../connection.ts";
import { exitCodes } from "../exit-code.ts";
import { isMeasured } from "../output/measured.ts";
import { table } from "../output/table.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { addWindowCommands, statusText, timeText } from "./drift-window.ts";
import { addBacktestCommand } from "./drift-backtest.ts";
import { addTableCommands } from "./drift-table.ts";
import { findProfile } from "./find-profile.ts";
import { wholeNumber } from "./number-option.ts";

const PAGE_SIZE = 1000;
/** Beyond ten thousand silent windows nobody waits for the answer. */
const MOST_PAGES_BACK = 10;

interface ShowOptions extends ConnectionOptions, OutputOptions {
  readonly limit: number;
}

export function addDriftCommands(program: Command, context: CommandContext): void {
  const drift = program.command("drift").description("what changed since the baseline");
  const show = drift
    .command("show")
    .argument("<profile>", "uid, space/name (newest version) or space/name/version")
    .description("newest windows of a profile, and how each feature fared in the last with data")
    .option("--limit <n>", "windows, 1 to 1000", wholeNumber("--limit", 1, 1000), 10);
  withJson(withUrl(show)).action((given: string, options: ShowOptions) =>
    showDrift(context, given, options),
  );
  addWindowCommands(drift, context);
  addBacktestCommand(drift, context);
  addTableCommands(drift, context);
}

async function showDrift(
  { terminal, finish }: CommandContext,
  given: string,
  options: ShowOptions,
) {
  const { profile, items, measured } = await withServer(terminal, options, async (client) => {
    const profile = await findProfile(client, given);
    const page = await client.driftWindows({ uid: profile.uid, limit: options.limit });
    const measured = await newestMeasured(client, profile.uid, page);
    return { profile, items: page.items, measured };
  });
  const { space, name, version } = profile;
  print(terminal, options, {
    document: { profile, items, measured: measured ?? null },
    text: () => `profile ${space}/${name}/${version}\n\n${driftText(items, measured)}`,
  });
  finish(exitCodes.ok);
}

/** Behind the windows shown too: a service that is silent for a while makes empty ones. */
async function newestMeasured(
  client: ScouterClient,
  uid: string,
  shown: DriftWindowPage,
): Promise<DriftWindow | undefined> {
  let { items, next_cursor: cursor } = shown;
  for (let pages = 0; ; pages += 1) {
    const found = items.find(({ result }) => result?.features.some(isMeasured) === true);
    if (found !== undefined || cursor === null || pages === MOST_PAGES_BACK) return found;
    const request = { uid, status: "done", limit: PAGE_SIZE, cursor } as const;
    ({ items, next_cursor: cursor } = await client.driftWindows(request));
  }
}

function driftText(windows: readonly DriftWindow[], measured: DriftWindow | undefined): string {
  if (windows.length === 0) return "no window was due yet";
  const features = measured?.result?.features ?? [];
  const last =
    measured === undefined
      ? ""
      : `\n\nwindow that ended at ${timeText(measured.window_end)}\n\n${featureTable(features)}`;
  return `${windowTable(windows)}${last}`;
}

function windowTable(windows: readonly DriftWindow[]): string {
  const count = (statuses: readonly DriftFeatureResult["status"][]) => (window: DriftWindow) =>
    window.result === null
      ? "-"
      : String(window.result.features.filter(({ status }) => statuses.includes(status)).length);
  return table(windows, [
    { title: "from", value: (window) => timeText(window.window_start) },
    { title: "to", value: (window) => timeText(window.window_end) },
    { title: "status", value: statusText },
    { title: "drifted", align: "right", value: count(["alert"]) },
    { title: "stable", align: "right", value: count(["ok"]) },
    { title: "unclear", align: "right", value: count(["no-data", "insufficient-data", "error"]) },
    { title: "reason", value: (window) => window.last_error ?? "", maximum: 80 },
  ]);
}

function featureTable(features: readonly DriftFeatureResult[]): string {
  return table(features, [
    { title: "feature", value: ({ name }) => name, maximum: 40 },
    { title: "status", value: ({ status }) => (status === "alert" ? "drifted" : status) },
    { title: "value", align: "right", value: (feature) => numberText(valueOf(feature)) },
    { title: "threshold", align: "right", value: ({ threshold }) => numberText(threshold) },
    { title: "reason", value: reasonOf, maximum: 80 },
  ]);
}

/** The index of a distribution, or the mean of a metric. */
function valueOf(feature: DriftFeatureResult): unknown {
  return feature["psi"] ?? feature["observed"];
}

function reasonOf(feature: DriftFeatureResult): string {
  const { status, have, need, message, alerts } = feature;
  if (status === "insufficient-data") return `${String(have)} rows of ${String(need)} needed`;
  if (status === "error") return String(message);
  if (!Array.isArray(alerts)) return "";
  return alerts
    .map(({ kind, zone }: { readonly kind: string; readonly zone: string }) => `${kind} ${zone}`)
    .join(", ");
}

function numberText(value: unknown): string {
  return typeof value === "number" ? value.toPrecision(4) : "-";
}
