import type { DriftGrid, GridCell, GridRow } from "@scouter/contracts";
import type { BoardWindow, RegisteredProfile } from "@scouter/database";
import {
  cellOf,
  cellStatusOfWindow,
  cellWithout,
  watchedFeatures,
} from "../../../drift/feature-figures.ts";

/** More cells than this would be a reply of many megabytes, and no screen shows them. */
const MOST_CELLS = 50_000;

type Grid = Pick<DriftGrid, "windows" | "features" | "features_total">;

/** Windows as columns, oldest first, and features as rows. `newestFirst` as the database gives them. */
export function gridOf(profile: RegisteredProfile, newestFirst: readonly BoardWindow[]): Grid {
  const windows = newestFirst.toReversed();
  const byWindow = windows.map(cellsOf);
  const names = new Set([
    ...watchedFeatures(profile.driftType, profile.profile),
    ...byWindow.flatMap((cells) => [...cells.keys()]),
  ]);
  const rows = [...names].sort().map((name): GridRow => {
    const cells = windows.map((window, at) => cellAt(window, byWindow[at]?.get(name)));
    const alerts = cells.filter((cell) => cell?.status === "alert").length;
    return { name, alerts, cells };
  });
  const most = Math.max(1, Math.floor(MOST_CELLS / Math.max(1, windows.length)));
  return {
    windows: windows.map(({ features: _features, ...window }) => ({
      id: window.id,
      window_start: window.windowStart,
      window_end: window.windowEnd,
      status: window.status,
      alerting: window.alerting,
      revised: window.revised,
      skipped_windows: window.skippedWindows,
      last_error: window.lastError,
    })),
    // Sorting keeps the order by name among rows with equally many alerts.
    features: rows.toSorted((a, b) => b.alerts - a.alerts).slice(0, most),
    features_total: rows.length,
  };
}

function cellsOf({ features }: BoardWindow): ReadonlyMap<string, GridCell> {
  return new Map((features ?? []).map((feature) => [feature.name, cellOf(feature)]));
}

/** Null: the window is done and says nothing of the feature. */
function cellAt({ status }: BoardWindow, cell: GridCell | undefined): GridCell | null {
  if (status === "done") return cell ?? null;
  return cellWithout(cellStatusOfWindow[status]);
}
