import type { ShownRun } from "./further-commands.ts";
import { uidOf } from "./stored-drift.ts";

export interface DashboardLink {
  readonly page: string;
  readonly url: string;
}

/** A link to each page of the dashboard that opens on what the demos stored. */
export function dashboardLinks({
  report,
  figures,
  drift,
  urls,
}: ShownRun): readonly DashboardLink[] {
  const failed = figures.failedAnswer;
  const evaluations = `/evaluations/${report.profile.uid}`;
  const pages: readonly (readonly [page: string, path: string])[] = [
    ["overview", "/"],
    ["traces", "/traces"],
    ...(failed === null
      ? []
      : ([
          ["a trace", `/traces/${failed.traceId}`],
          ["why it failed", `${evaluations}/records/${failed.recordUid}`],
        ] as const)),
    ["evaluations", evaluations],
    ["drift", `/drift/${uidOf(drift.report, "psi")}`],
    ["alerts", "/alerts"],
  ];
  return pages.map(([page, path]) => ({ page, url: new URL(path, urls.http).href }));
}
