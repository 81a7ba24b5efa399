import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { DriftBacktest, DriftBacktestRun, Json, PsiThreshold } from "@scouter/contracts";
import { type Command, Option } from "commander";
import { type ConnectionOptions, withServer, withUrl } from "../connection.ts";
import { errors } from "../errors.ts";
import { exitCodes } from "../exit-code.ts";
import { table } from "../output/table.ts";
import type { Terminal } from "../terminal.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { timeText } from "./drift-window.ts";
import { findOneProfile } from "./find-profile.ts";
import { share, wholeNumber } from "./number-option.ts";

interface BacktestOptions extends ConnectionOptions, OutputOptions {
  readonly profile: string;
  readonly days: number;
  readonly config?: string;
  readonly alpha?: number;
  readonly minEffect?: number;
  readonly form?: "calibrated" | "reference";
  readonly falseDiscovery?: "bh" | "none";
  readonly persistence?: string;
  readonly schedule?: string;
}

export function addBacktestCommand(drift: Command, context: CommandContext): void {
  const backtest = drift
    .command("backtest")
    .requiredOption("--profile <profile>", "uid, space/name/version or space/name (newest version)")
    .option("--days <n>", "of stored data, up to now, 1 to 366", wholeNumber("--days", 1, 366), 30)
    .description("when a profile would have alerted with other settings; nothing changes")
    .option("--alpha <share>", "psi: rate of false alarms", share("--alpha"))
    .option("--min-effect <psi>", "psi: smallest index that alerts, 0 to 1", share("--min-effect"))
    .addOption(new Option("--form <form>", "psi").choices(["calibrated", "reference"]))
    .addOption(
      new Option("--false-discovery <method>", "psi: correction over the features").choices([
        "bh",
        "none",
      ]),
    )
    .option("--persistence <k/n>", "alert when k of n windows do, such as 2/3")
    .option("--schedule <cron>", "when windows end")
    .option("--config <file>", "further fields of alert_config, as JSON; null takes one away");
  withJson(withUrl(backtest)).action((options: BacktestOptions) => runBacktest(context, options));
}

async function runBacktest({ terminal, finish }: CommandContext, options: BacktestOptions) {
  const alert_config = proposedConfig(terminal, options);
  const backtest = await withServer(terminal, options, async (client) => {
    const { uid } = await findOneProfile(client, options.profile);
    return client.backtestDrift({ uid, days: options.days, alert_config });
  });
  print(terminal, options, { document: backtest, text: () => backtestText(backtest) });
  finish(exitCodes.ok);
}

function proposedConfig(terminal: Terminal, options: BacktestOptions): Record<string, Json> {
  const { alpha, minEffect, form, falseDiscovery, persistence, schedule } = options;
  const threshold: PsiThreshold | undefined =
    alpha === undefined ? undefined : { ChiSquare: { alpha } };
  const given = {
    threshold,
    min_effect: minEffect,
    form,
    false_discovery: falseDiscovery,
    persistence: persistence === undefined ? undefined : persistenceOf(persistence),
    schedule,
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const fromFile = options.config === undefined ? {} : readConfig(terminal, options.config);
  return { ...fromFile, ...(Object.fromEntries(set) as Record<string, Json>) };
}

function persistenceOf(given: string): { hits: number; of: number } {
  const [, hits, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(given) ?? [];
  if (hits !== undefined && of !== undefined) return { hits: Number(hits), of: Number(of) };
  throw errors.CLI_OPTION_INVALID({ option: "--persistence", given, allowed: "k/n, such as 2/3" });
}

function readConfig(terminal: Terminal, name: string): Record<string, Json> {
  const file = resolve(terminal.workingFolder, name);
  try {
    const read: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof read === "object" && read !== null && !Array.isArray(read)) {
      return read as Record<string, Json>;
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.CLI_PROFILE_FILE({ file, reason }, { cause });
  }
  throw errors.CLI_PROFILE_FILE({ file, reason: "it holds no JSON object" });
}

function backtestText({ from, to, current, proposed }: DriftBacktest): string {
  const runs = [
    { name: "as it is", run: current },
    { name: "proposed", run: proposed },
  ];
  const right = "right" as const;
  const summary = table(runs, [
    { title: "settings", value: ({ name }) => name },
    { title: "schedule", value: ({ run }) => run.schedule, maximum: 30 },
    { title: "windows", align: right, value: ({ run }) => String(run.windows) },
    { title: "with data", align: right, value: ({ run }) => String(run.windows_with_data) },
    { title: "alarming", align: right, value: ({ run }) => String(run.windows_alarming) },
    { title: "alerts", align: right, value: ({ run }) => String(run.opened.length) },
    { title: "told", align: right, value: ({ run }) => String(toldOf(run)) },
    {
      title: "false a month",
      align: right,
      value: ({ run: { expected_false_alarms_month: expected } }) =>
        expected === null ? "-" : `<= ${String(Number(expected.toPrecision(3)))}`,
    },
  ]);
  const fired = table(proposed.opened, [
    { title: "opens at", value: (alert) => timeText(alert.window_end) },
    { title: "feature", value: (alert) => alert.name, maximum: 40 },
    { title: "told", value: (alert) => (alert.told ? "yes" : "no") },
    { title: "alert", value: (alert) => JSON.stringify(alert.alert), maximum: 100 },
  ]);
  return [
    `stored data from ${timeText(from)} to ${timeText(to)}`,
    summary,
    proposed.opened.length === 0 ? "no alert would have opened" : fired,
  ].join("\n\n");
}

function toldOf({ opened }: DriftBacktestRun): number {
  return opened.filter(({ told }) => told).length;
}
