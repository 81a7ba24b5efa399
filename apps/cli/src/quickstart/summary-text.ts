import type { ServerUrls } from "@scouter/server";
import { DEFAULT_URL } from "../connection.ts";
import { formatPercent } from "../output/time.ts";
import type { CheckedRun } from "./check-run.ts";

export interface Summarized extends Pick<CheckedRun, "report" | "figures" | "after"> {
  readonly urls: ServerUrls;
  readonly home: string;
  readonly logFile: string;
  /** False when the server stops right after. */
  readonly staysUp: boolean;
}

/** What a person reads at the end: the figures, and commands to copy that lead to what is behind them. */
export function summaryText(run: Summarized): string {
  const { report, figures, after, urls, staysUp } = run;
  const rate = figures.passRate === null ? "none" : formatPercent(figures.passRate);
  return [
    "",
    `Scouter ${staysUp ? "runs" : "ran"} at ${urls.http}`,
    `  data              ${run.home}`,
    `  log               ${run.logFile}`,
    "",
    `  spans stored      ${String(figures.spans)} in ${String(figures.traces)} traces (in all ${String(after.spans)} in ${String(after.traces)})`,
    `  records evaluated ${String(figures.recordsEvaluated)} of ${String(report.acknowledged)}`,
    `  pass rate         ${rate} (${String(figures.tasksPassed)} of ${String(figures.tasksCounted)} tasks)`,
    `  skipped by a gate ${String(figures.tasksSkipped)} tasks`,
    "",
    staysUp ? "Look further:" : "Look further, once 'npx scouter serve' runs again:",
    ...furtherCommands(run).map(({ command, why }) => `  ${command}\n      ${why}`),
    "",
  ].join("\n");
}

interface FurtherCommand {
  readonly command: string;
  readonly why: string;
}

export function furtherCommands({ report, figures, urls }: Summarized): readonly FurtherCommand[] {
  const where = isDefault(urls.http) ? "" : ` --url ${urls.http}`;
  const { space, name, version } = report.profile;
  const failed = figures.failedAnswer;
  const ofFailed =
    failed === null
      ? []
      : [
          {
            command: `npx scouter eval show ${failed.recordUid}${where}`,
            why: "an answer that failed a task, and why",
          },
          {
            command: `npx scouter traces show ${failed.traceId}${where}`,
            why: "what the agent did for that answer",
          },
        ];
  return [
    ...ofFailed,
    {
      command: `npx scouter eval list --profile ${space}/${name}/${version}${where}`,
      why: "the records of this run",
    },
    { command: `npx scouter traces list --errors${where}`, why: "traces with a failed span" },
  ];
}

function isDefault(url: string): boolean {
  return new URL(url).port === new URL(DEFAULT_URL).port;
}
