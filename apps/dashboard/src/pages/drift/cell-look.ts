import type { CellStatus, DriftType } from "@scouter/contracts";
import type { Status } from "../../figure/status-chip.tsx";

interface CellLook {
  readonly status: Status;
  readonly word: string;
}

const looks: Readonly<Record<CellStatus, CellLook>> = {
  ok: { status: "ok", word: "OK" },
  alert: { status: "alert", word: "Alert" },
  no_data: { status: "no-data", word: "No data" },
  too_few_samples: { status: "too-few", word: "Too few samples" },
  failed: { status: "failed", word: "Failed" },
  pending: { status: "pending", word: "Pending" },
  skipped: { status: "skipped", word: "Skipped" },
};

export const cellStatuses = Object.keys(looks) as readonly CellStatus[];

/** Word and chip of how a feature stands in a window. */
export function cellLook(status: CellStatus): CellLook {
  return looks[status];
}

/** Worst last, so that a table sorted downwards begins with what needs somebody. */
export function weightOf(status: CellStatus): number {
  const order: readonly CellStatus[] = [
    "ok",
    "skipped",
    "pending",
    "no_data",
    "too_few_samples",
    "failed",
    "alert",
  ];
  return order.indexOf(status);
}

const measures: Readonly<Record<DriftType, string>> = {
  Psi: "PSI",
  Spc: "mean",
  Custom: "mean",
  Agent: "pass rate",
};

/** What the figure of a cell is called. */
export function measureOf(kind: DriftType): string {
  return measures[kind];
}
