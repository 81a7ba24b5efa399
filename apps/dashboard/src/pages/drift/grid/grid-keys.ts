/** A cell of the grid by row and column, from 0; column -1 is the name of the feature. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
}

/** Columns that Page up and Page down pass over. */
const PAGE_COLUMNS = 10;

/** Where a key leads from a cell; undefined when it is none of the grid's keys. */
export function placeAfter(
  key: string,
  { row, column }: CellPlace,
  size: GridSize,
): CellPlace | undefined {
  const places = new Map<string, CellPlace>([
    ["ArrowRight", { row, column: column + 1 }],
    ["ArrowLeft", { row, column: column - 1 }],
    ["ArrowDown", { row: row + 1, column }],
    ["ArrowUp", { row: row - 1, column }],
    ["PageDown", { row, column: column + PAGE_COLUMNS }],
    ["PageUp", { row, column: Math.max(0, column - PAGE_COLUMNS) }],
    ["Home", { row, column: 0 }],
    ["End", { row, column: size.columns - 1 }],
  ]);
  const place = places.get(key);
  return place === undefined ? undefined : inside(place, size);
}

export function inside({ row, column }: CellPlace, { rows, columns }: GridSize): CellPlace {
  return {
    row: Math.max(0, Math.min(rows - 1, row)),
    column: Math.max(-1, Math.min(columns - 1, column)),
  };
}
