import type { ServerUrls } from "@scouter/server";
import { DEFAULT_URL } from "../connection.ts";
import type { CheckedDrift } from "./check-drift.ts";
import type { CheckedRun } from "./check-run.ts";
import { uidOf } from "./stored-drift.ts";

export interface FurtherCommand {
  readonly command: string;
  readonly why: string;
}

/** What the commands are about. */
export interface ShownRun extends Pick<CheckedRun, "report" | "figures"> {
  readonly drift: Pick<CheckedDrift, "report">;
  readonly urls: ServerUrls;
}

/** Commands to copy that lead to what is behind the figures. */
export function furtherCommands(run: ShownRun): readonly FurtherCommand[] {
  const { urls } = run;
  const where = isDefault(urls.http) ? "" : ` --url ${urls.http}`;
  return [...agentCommands(run), ...driftCommands(run)].map(({ command, why }) => ({
    command: `npx scouter ${command}${where}`,
    why,
  }));
}

function agentCommands({ report, figures }: ShownRun): readonly FurtherCommand[] {
  const { space, name, version } = report.profile;
  const failed = figures.failedAnswer;
  const ofFailed =
    failed === null
      ? []
      : [
          {
            command: `eval show ${failed.recordUid}`,
            why: "an answer that failed a task, and why",
          },
          { command: `traces show ${failed.traceId}`, why: "what the agent did for that answer" },
        ];
  return [
    ...ofFailed,
    {
      command: `eval list --profile ${space}/${name}/${version}`,
      why: "the records of this run",
    },
    { command: "traces list --errors", why: "traces with a failed span" },
  ];
}

/** By uid: the three profiles of the model have one name. */
function driftCommands({ drift: { report } }: ShownRun): readonly FurtherCommand[] {
  return [
    {
      command: `drift show ${uidOf(report, "psi")}`,
      why: "how far the distribution of each feature moved",
    },
    {
      command: `drift show ${uidOf(report, "spc")}`,
      why: "which control charts left their zones",
    },
    {
      command: `drift show ${uidOf(report, "custom")}`,
      why: "the model's error",
    },
    {
      command: `alert list --profile ${uidOf(report, "psi")}`,
      why: "the alerts of the distributions; without --profile: all",
    },
  ];
}

function isDefault(url: string): boolean {
  return new URL(url).port === new URL(DEFAULT_URL).port;
}
