import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from "@tanstack/react-table";
import { useMemo, useState } from "react";
import type { Column, Sorting } from "./column.ts";

const features = tableFeatures({
  columnVisibilityFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

interface TableModelOptions<Row extends object> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly sorting: Sorting | undefined;
  readonly serverSorted: boolean;
}

/** Rows in the order asked for, and the columns that are shown. */
export function useTableModel<Row extends object>(options: TableModelOptions<Row>) {
  const { rows, columns, rowKey, sorting, serverSorted } = options;
  const [columnVisibility, setColumnVisibility] = useState<Record<string, boolean>>(() =>
    Object.fromEntries(columns.map(({ id, startsHidden }) => [id, startsHidden !== true])),
  );
  const definitions = useMemo(
    () =>
      columns.map((column): ColumnDef<typeof features, Row> => ({
        id: column.id,
        // Undefined is what is put last in both directions.
        accessorFn: (row: Row) => column.value(row) ?? undefined,
        sortUndefined: "last",
        sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id)),
      })),
    [columns],
  );
  const data = useMemo(() => [...rows], [rows]);
  const state = useMemo(
    () => ({
      columnVisibility,
      sorting:
        sorting === undefined ? [] : [{ id: sorting.column, desc: sorting.direction === "desc" }],
    }),
    [columnVisibility, sorting],
  );
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowKey,
    manualSorting: serverSorted,
    state,
    onColumnVisibilityChange: setColumnVisibility,
  });
  const shown = columns.filter(({ id }) => columnVisibility[id] !== false);
  return {
    rows: table.getRowModel().rows.map((row) => ({ key: row.id, row: row.original })),
    shown,
    isShown: (id: string) => columnVisibility[id] !== false,
    toggle: (id: string) =>
      setColumnVisibility((before) => ({ ...before, [id]: before[id] === false })),
  };
}

const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return words.compare(String(a), String(b));
}
