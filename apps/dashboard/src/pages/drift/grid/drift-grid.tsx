import { Button } from "@mantine/core";
import type { DriftGrid as Grid, GridRow } from "@scouter/contracts";
import { memo, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { GridChoice } from "./grid-choice.ts";
import { CellMark } from "./cell-mark.tsx";
import { GridCellTip, tipLines, type ShownTip } from "./grid-cell-tip.tsx";
import { inside, placeAfter, type CellPlace } from "./grid-keys.ts";
import { timeLabels } from "./time-labels.ts";
import "./drift-grid.css";

interface DriftGridProps {
  readonly grid: Grid;
  readonly choice: GridChoice;
  /** Undefined for the window: the feature alone was chosen. */
  readonly onChoose: (feature: string, windowId: string | undefined) => void;
}

/** Rows that are there at first; a profile may watch hundreds. */
const FIRST_ROWS = 60;

/**
 * Features by windows. Arrow keys, Home, End and Page up and down walk the cells, Enter chooses; the name of a feature
 * chooses its row.
 */
export function DriftGrid({ grid, choice, onChoose }: DriftGridProps) {
  const [mostRows, setMostRows] = useState(FIRST_ROWS);
  const rows = grid.features.slice(0, mostRows);
  const size = { rows: rows.length, columns: grid.windows.length };
  const chosenColumn = grid.windows.findIndex(({ id }) => String(id) === choice.windowId);
  const chosenRow = rows.findIndex(({ name }) => name === choice.feature);
  const [active, setActive] = useState<CellPlace>();
  const [tip, setTip] = useState<ShownTip>();
  const table = useRef<HTMLTableElement>(null);
  const tabbable = inside(active ?? { row: chosenRow, column: chosenColumn }, size);
  const labels = useMemo(() => timeLabels(grid.windows.map((one) => one.window_end)), [grid]);

  useEffect(() => {
    // The newest windows are at the right, which is what people come for.
    table.current
      ?.querySelector(`[data-column="${String(chosenColumn)}"]`)
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [chosenColumn]);

  const choose = ({ row, column }: CellPlace) => {
    const feature = rows[row]?.name;
    const window = grid.windows[column];
    setActive({ row, column });
    if (feature !== undefined)
      onChoose(feature, window === undefined ? undefined : String(window.id));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const place = placeOf(event.target);
    if (place === undefined) return;
    const next = placeAfter(event.key, place, size);
    if (next !== undefined) {
      setActive(next);
      focusCell(table.current, next);
    } else if (event.key === "Enter" || event.key === " ") choose(place);
    else if (event.key === "Escape") setTip(undefined);
    else return;
    event.preventDefault();
  };
  const showTip = (target: EventTarget) => {
    const place = placeOf(target);
    const cell = target instanceof Element ? target.closest("td") : null;
    if (place === undefined || cell === null) return setTip(undefined);
    const { left, bottom } = cell.getBoundingClientRect();
    setTip({ ...place, leftPx: Math.min(left, window.innerWidth - 330), topPx: bottom + 4 });
  };

  return (
    <>
      <div className="drift-grid-scroller" onScroll={() => setTip(undefined)}>
        <table
          ref={table}
          role="grid"
          className="drift-grid"
          aria-label="Features by window"
          aria-rowcount={grid.features.length + 1}
          aria-colcount={size.columns + 1}
          onKeyDown={onKeyDown}
          onFocus={(event) => showTip(event.target)}
          onBlur={() => setTip(undefined)}
          onMouseOver={(event) => showTip(event.target)}
          onMouseLeave={() => setTip(undefined)}
          onClick={(event) => {
            const place = placeOf(event.target);
            if (place !== undefined) choose(place);
          }}
        >
          <thead>
            <tr>
              <th scope="col" className="corner">
                Feature
              </th>
              {grid.windows.map((window, column) => (
                <th key={window.id} scope="col" data-column={column} aria-label={window.window_end}>
                  {labels[column] !== undefined && (
                    <span aria-hidden="true" style={{ whiteSpace: "pre" }}>
                      {labels[column]}
                    </span>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <FeatureRow
                key={row.name}
                grid={grid}
                row={row}
                at={at}
                isChosen={at === chosenRow}
                chosenColumn={chosenColumn}
                tabbableColumn={at === tabbable.row ? tabbable.column : undefined}
              />
            ))}
          </tbody>
        </table>
      </div>
      {grid.features.length > rows.length && (
        <Button size="xs" variant="default" onClick={() => setMostRows(grid.features.length)}>
          Show all {grid.features.length} features
        </Button>
      )}
      {tip !== undefined && <GridCellTip grid={grid} tip={tip} />}
    </>
  );
}

interface FeatureRowProps {
  readonly grid: Grid;
  readonly row: GridRow;
  readonly at: number;
  readonly isChosen: boolean;
  readonly chosenColumn: number;
  readonly tabbableColumn: number | undefined;
}

const FeatureRow = memo(function FeatureRow(props: FeatureRowProps) {
  const { grid, row, at, isChosen, chosenColumn, tabbableColumn } = props;
  return (
    <tr aria-selected={isChosen} aria-rowindex={at + 2}>
      <th
        scope="row"
        title={row.name}
        data-row={at}
        data-column={-1}
        tabIndex={tabbableColumn === -1 ? 0 : -1}
      >
        {row.name}
      </th>
      {row.cells.map((cell, column) => (
        <td
          key={grid.windows[column]?.id ?? column}
          aria-label={tipLines(grid, { row: at, column }).join(", ")}
          aria-selected={isChosen && column === chosenColumn}
          data-column-selected={column === chosenColumn}
          data-row={at}
          data-column={column}
          tabIndex={column === tabbableColumn ? 0 : -1}
        >
          <CellMark status={cell?.status} />
        </td>
      ))}
    </tr>
  );
});

function placeOf(target: EventTarget): CellPlace | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
  return cell === null
    ? undefined
    : { row: Number(cell.dataset["row"]), column: Number(cell.dataset["column"]) };
}

function focusCell(table: HTMLTableElement | null, { row, column }: CellPlace): void {
  const place = `[data-row="${String(row)}"][data-column="${String(column)}"]`;
  table?.querySelector<HTMLElement>(place)?.focus();
}
