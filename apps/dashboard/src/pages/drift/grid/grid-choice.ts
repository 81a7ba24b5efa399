import type { DriftGrid, GridCell, GridRow, GridWindow } from "@scouter/contracts";

/** What is looked at: named in the address, else what a person would look at first. */
export interface GridChoice {
  readonly feature: string | undefined;
  /** Id of a window as text; it need not be among those shown. */
  readonly windowId: string | undefined;
}

interface Asked {
  readonly feature: string | undefined;
  readonly window: string | undefined;
}

/** The newest window with a figure and, of it, the first feature that alerted. */
export function choiceOf(grid: DriftGrid, asked: Asked): GridChoice {
  const windowId = asked.window ?? idText(newestMeasured(grid));
  const column = grid.windows.findIndex(({ id }) => String(id) === windowId);
  const alerting = grid.features.find(({ cells }) => cells[column]?.status === "alert");
  return { windowId, feature: asked.feature ?? (alerting ?? grid.features[0])?.name };
}

function idText(window: GridWindow | undefined): string | undefined {
  return window === undefined ? undefined : String(window.id);
}

function newestMeasured({ windows, features }: DriftGrid): GridWindow | undefined {
  const measured = windows.findLast((_window, column) =>
    features.some(({ cells }) => isMeasured(cells[column])),
  );
  return measured ?? windows.at(-1);
}

function isMeasured(cell: GridCell | null | undefined): boolean {
  return cell?.status === "ok" || cell?.status === "alert" || cell?.status === "too_few_samples";
}

/** `3 of 9 features drifted` in one window, and what else was not as it should be. */
export function standingLine(features: readonly GridRow[], column: number): string {
  const cells = features.map(({ cells }) => cells[column]).filter((cell) => cell !== null);
  const count = (status: GridCell["status"]) =>
    cells.filter((cell) => cell?.status === status).length;
  const others = [
    ["without data", count("no_data")],
    ["with too few samples", count("too_few_samples")],
    ["failed", count("failed")],
    ["pending", count("pending")],
  ] as const;
  const told = others
    .filter(([, many]) => many > 0)
    .map(([word, many]) => `, ${String(many)} ${word}`);
  const noun = cells.length === 1 ? "feature" : "features";
  return `${String(count("alert"))} of ${String(cells.length)} ${noun} drifted${told.join("")}`;
}
