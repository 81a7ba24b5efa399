import type { DriftGrid } from "@scouter/contracts";
import { cellWords } from "../cell-words.ts";
import { formatTime, timeZoneName } from "../../../format/time.ts";
import type { CellPlace } from "./grid-keys.ts";

export interface ShownTip extends CellPlace {
  readonly leftPx: number;
  readonly topPx: number;
}

/** Feature, window and figures of the cell under the pointer or the focus. */
export function GridCellTip({ grid, tip }: { readonly grid: DriftGrid; readonly tip: ShownTip }) {
  const text = tipLines(grid, tip);
  if (text.length === 0) return undefined;
  return (
    // The cell has the same words as its label: screen readers need no second time.
    <div className="cell-tip" aria-hidden="true" style={{ left: tip.leftPx, top: tip.topPx }}>
      <strong>{text[0]}</strong>
      {`\n${text.slice(1).join("\n")}`}
    </div>
  );
}

/** Lines about a cell: feature, window, figures. Empty when there is no such cell. */
export function tipLines(grid: DriftGrid, { row, column }: CellPlace): readonly string[] {
  const feature = grid.features[row];
  const window = grid.windows[column];
  if (feature === undefined || window === undefined) return [];
  const { window_start: start, window_end: end, last_error: error, revised } = window;
  return [
    feature.name,
    `${formatTime(start)} to ${formatTime(end)} ${timeZoneName()}`,
    ...cellWords(feature.cells[column] ?? null, grid.profile.kind),
    ...(revised > 0 ? [`computed again ${String(revised)} times`] : []),
    ...(window.skipped_windows > 1 ? [`stands for ${String(window.skipped_windows)} windows`] : []),
    ...(error === null ? [] : [error]),
  ];
}
