import type { CellStatus, DriftGrid, GridCell } from "@scouter/contracts";

const FEATURES = [
  "wind",
  "lowest",
  "weather",
  "precipitation",
  "month",
  "a rather long name of a feature",
];
const WINDOWS = 48;
const HOUR_MS = 3_600_000;

interface Asked {
  readonly profile: DriftGrid["profile"];
  /** Id of the newest window. */
  readonly newestId: number;
  readonly endMs: number;
}

/** A grid as two busy days leave it: every status, a sample size that varies, and a night without windows. */
export function manyWindows({ profile, newestId, endMs }: Asked): DriftGrid {
  const nightMs = 9 * HOUR_MS;
  const ends = Array.from({ length: WINDOWS }, (_, at) => {
    const back = WINDOWS - 1 - at;
    return endMs - back * HOUR_MS - (back >= 20 ? nightMs : 0);
  });
  const features = FEATURES.map((name, row) => {
    const cells = ends.map((_, at) => cellAt(row, at));
    return { name, cells, alerts: cells.filter(({ status }) => status === "alert").length };
  });
  return {
    start: new Date((ends[0] ?? 0) - HOUR_MS).toISOString(),
    end: new Date(endMs + 1).toISOString(),
    profile,
    expected_false_alarms_month: 36.5,
    windows: ends.map((end, at) => ({
      id: newestId - (WINDOWS - 1 - at),
      window_start: new Date(end - HOUR_MS).toISOString(),
      window_end: new Date(end).toISOString(),
      status: at === 9 ? "failed" : "done",
      alerting: features.some(({ cells }) => cells[at]?.status === "alert"),
      revised: at === 4 ? 1 : 0,
      skipped_windows: 0,
      last_error: at === 9 ? "the store could not be reached" : null,
    })),
    windows_truncated: true,
    features: features.toSorted((a, b) => b.alerts - a.alerts),
    features_total: FEATURES.length,
  };
}

function cellAt(row: number, at: number): GridCell {
  const size = 200 + ((at * 137 + row * 31) % 900);
  const threshold = 0.08 + 60 / size;
  const value = 0.12 + 0.1 * Math.sin((at + row * 7) / 5) + (row === 0 ? at / 200 : 0);
  const status = statusOf(row, at, value > threshold);
  const figures = status === "ok" || status === "alert";
  return {
    status,
    value: figures ? value : null,
    threshold: figures ? threshold : null,
    sample_size: status === "too_few_samples" ? 12 : figures ? size : null,
    needed: status === "too_few_samples" ? 100 : null,
    rules: [],
  };
}

function statusOf(row: number, at: number, isOver: boolean): CellStatus {
  if (at === 9) return "failed";
  if (at % 17 === 3) return "no_data";
  if ((at + row * 5) % 23 === 6) return "too_few_samples";
  return isOver ? "alert" : "ok";
}
