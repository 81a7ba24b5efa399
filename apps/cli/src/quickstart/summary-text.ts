import { formatPercent } from "../output/time.ts";
import type { CheckedDrift } from "./check-drift.ts";
import type { CheckedRun } from "./check-run.ts";
import { dashboardLinks } from "./dashboard-links.ts";
import { WATCH_WORDS, type WatchedFeature } from "./drift-figures.ts";
import { type FurtherCommand, furtherCommands, type ShownRun } from "./further-commands.ts";
import type { QuickstartLogin } from "./quickstart-login.ts";
import { WATCHES } from "./stored-drift.ts";

export interface Summarized extends ShownRun, Pick<CheckedRun, "after"> {
  readonly drift: CheckedDrift;
  readonly home: string;
  readonly logFile: string;
  /** Where records and results are, without secrets. */
  readonly database: string;
  readonly login: QuickstartLogin | undefined;
  /** False when the server stops right after. */
  readonly staysUp: boolean;
}

/** What a person reads at the end: the figures, and commands to copy that lead to what is behind them. */
export function summaryText(run: Summarized): string {
  return [placeLines, agentLines, driftLines, loginLines, pageLines, furtherLines]
    .map((section) => section(run))
    .filter((lines) => lines.length > 0)
    .map((lines) => `\n${lines.join("\n")}\n`)
    .join("");
}

function placeLines({ urls, home, logFile, database, staysUp }: Summarized): readonly string[] {
  return [
    `Scouter ${staysUp ? "runs" : "ran"} at ${urls.http}`,
    `  data              ${home}`,
    `  database          ${database}`,
    `  log               ${logFile}`,
  ];
}

function agentLines({ report, figures, after }: Summarized): readonly string[] {
  const rate = figures.passRate === null ? "none" : formatPercent(figures.passRate);
  return [
    "An agent answered questions:",
    `  spans stored      ${String(figures.spans)} in ${String(figures.traces)} traces (in all ${String(after.spans)} in ${String(after.traces)})`,
    `  records evaluated ${String(figures.recordsEvaluated)} of ${String(report.acknowledged)}`,
    `  pass rate         ${rate} (${String(figures.tasksPassed)} of ${String(figures.tasksCounted)} tasks)`,
    `  skipped by a gate ${String(figures.tasksSkipped)} tasks`,
  ];
}

function driftLines({ drift, after }: Summarized): readonly string[] {
  const { report, figures } = drift;
  const { drifted, stable, alerts } = figures;
  const width = Math.max(0, ...alerts.map(({ name }) => name.length));
  return [
    `A model of ${report.trainedAt}'s weather predicted ${report.servedAt}'s:`,
    `  requests          ${String(report.requests)}, mean error ${report.observedError.toFixed(2)} °C (expected ${report.expectedError.toFixed(2)} °C)`,
    `  features drifted  ${featureText(drifted)}`,
    `  features stable   ${featureText(stable)}`,
    `  alerts fired      ${String(alerts.length)} (in all ${String(after.alerts.total)})`,
    ...alerts.map(({ name, by, found }) => {
      return `    ${name.padEnd(width)}  ${WATCH_WORDS[by]}: ${found}`;
    }),
  ];
}

/** `3: age, colour (distribution); age (control chart)`. */
function featureText(features: readonly WatchedFeature[]): string {
  const groups = WATCHES.flatMap((watch) => {
    const names = features.filter(({ by }) => by === watch).map(({ name }) => name);
    return names.length === 0 ? [] : [`${names.join(", ")} (${WATCH_WORDS[watch]})`];
  });
  return groups.length === 0 ? "none" : `${String(features.length)}: ${groups.join("; ")}`;
}

function loginLines({ login }: Summarized): readonly string[] {
  if (login === undefined) return [];
  const { credentials, passwordFile } = login;
  if (passwordFile === undefined) {
    return [
      `Log in as '${credentials.username}' with the password that this shell's variables have (SCOUTER_USERNAME, SCOUTER_PASSWORD).`,
    ];
  }
  return [
    `Log in as '${credentials.username}'; the password is in ${passwordFile}, which only you can read:`,
    `  export SCOUTER_USERNAME=${quoted(credentials.username)} SCOUTER_PASSWORD="$(cat ${quoted(passwordFile)})"`,
  ];
}

/** Only while the server is there to open them. */
function pageLines(run: Summarized): readonly string[] {
  if (!run.staysUp) return [];
  return [
    "In a browser:",
    ...dashboardLinks(run).map(({ page, url }) => `  ${page.padEnd(17)} ${url}`),
  ];
}

function furtherLines(run: Summarized): readonly string[] {
  const title = run.staysUp
    ? "Look further:"
    : "Look further, once 'npx scouter serve' runs again (with the same environment):";
  return [title, ...furtherCommands(run).flatMap(commandLines)];
}

function commandLines({ command, why }: FurtherCommand): readonly string[] {
  return [`  ${command}`, `      ${why}`];
}

/** As one word for a shell of Unix. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
