import type { Summary } from "../../api/summary.ts";
import type { Status } from "../../figure/status-chip.tsx";
import { formatCount, formatPercent } from "../../format/number.ts";

/** Something that a person should look at, and where. */
export interface AttentionItem {
  readonly key: string;
  readonly status: Extract<Status, "alert" | "failed" | "warning">;
  readonly text: string;
  readonly path: string;
}

/** What needs attention, worst first. Empty: nothing does. */
export function attentionItems(
  summary: Summary,
  space: string | undefined,
): readonly AttentionItem[] {
  const { alerts, records, windows, features } = summary;
  const profiles = summary.profiles.filter((row) => space === undefined || row.space === space);
  const items: (AttentionItem | undefined)[] = [
    plural(alerts.active, "alert", (count) => ({
      key: "alerts",
      status: "alert",
      text: `${count} to be looked at`,
      path: "/alerts",
    })),
    ...profiles.map((profile): AttentionItem | undefined => {
      const drifted = features.drifted.filter(({ profile_uid }) => profile_uid === profile.uid);
      return plural(drifted.length, "feature", (count) => ({
        key: `drift ${profile.uid}`,
        status: "alert",
        text: `${count} of ${profile.space}/${profile.name} drifted in the newest window: ${drifted.map(({ name }) => name).join(", ")}`,
        path: `/drift/${profile.uid}`,
      }));
    }),
    plural(records.failed, "record", (count) => ({
      key: "records",
      status: "failed",
      text: `${count} could not be evaluated`,
      path: "/evaluations",
    })),
    plural(windows.failed, "drift window", (count) => ({
      key: "windows",
      status: "failed",
      text: `${count} could not be computed`,
      path: "/drift",
    })),
    ...profiles.map((profile): AttentionItem | undefined => {
      const failed = profile.tasks.failed + profile.tasks.errored;
      return plural(failed, "task", (count) => ({
        key: `tasks ${profile.uid}`,
        status: "warning",
        text: `${count} of ${profile.space}/${profile.name} not passed, pass rate ${formatPercent(profile.pass_rate)}`,
        path: `/evaluations/${profile.uid}`,
      }));
    }),
  ];
  return items.filter((item) => item !== undefined);
}

function plural(
  count: number,
  word: string,
  item: (count: string) => AttentionItem,
): AttentionItem | undefined {
  return count === 0 ? undefined : item(`${formatCount(count)} ${word}${count === 1 ? "" : "s"}`);
}
