import type { EvalRecordStatus, TaskCounts, TaskOutcome } from "@scouter/contracts";
import type { Status } from "../../figure/status-chip.tsx";
import { formatCount, formatPercent } from "../../format/number.ts";
import type { IconName } from "../../icon/icon.tsx";

export interface OutcomeLook {
  /** Which chip shows it. */
  readonly status: Status;
  readonly icon: IconName;
  readonly tone: "ok" | "alert" | "warning" | "neutral";
  readonly word: string;
}

const taskLooks: Readonly<Record<TaskOutcome, OutcomeLook>> = {
  passed: { status: "ok", icon: "ok", tone: "ok", word: "passed" },
  failed: { status: "failed", icon: "failed", tone: "alert", word: "failed" },
  errored: { status: "warning", icon: "warning", tone: "warning", word: "errored" },
  skipped: { status: "skipped", icon: "skipped", tone: "neutral", word: "skipped" },
};

/** A gate that does not let a record through has done its work: that is no failure. */
const gateLooks: Readonly<Record<TaskOutcome, OutcomeLook>> = {
  ...taskLooks,
  passed: { ...taskLooks.passed, word: "open" },
  failed: { status: "no-data", icon: "none", tone: "neutral", word: "closed" },
};

export function outcomeLook(outcome: TaskOutcome, gate: boolean): OutcomeLook {
  return (gate ? gateLooks : taskLooks)[outcome];
}

export function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

export const recordStatusLooks: Readonly<
  Record<EvalRecordStatus, { readonly status: Status; readonly word: string }>
> = {
  Pending: { status: "pending", word: "Waiting" },
  Processing: { status: "running", word: "Running" },
  Processed: { status: "ok", word: "Evaluated" },
  Failed: { status: "failed", word: "Not evaluated" },
};

/** What a pass rate is of: skipped tasks are not in it. */
export function countedTasks({ passed, failed, errored }: TaskCounts): number {
  return passed + failed + errored;
}

/** `215 of 232 tasks` */
export function countsText(counts: TaskCounts): string {
  const counted = countedTasks(counts);
  return `${formatCount(counts.passed)} of ${formatCount(counted)} ${counted === 1 ? "task" : "tasks"}`;
}

/** `88.6–95.4 %`; undefined when nothing was counted */
export function intervalText(lower: number | null, upper: number | null): string | undefined {
  if (lower === null || upper === null) return undefined;
  return `${formatPercent(lower).replace(" %", "")}–${formatPercent(upper)}`;
}
