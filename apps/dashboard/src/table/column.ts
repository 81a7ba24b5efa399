import type { ReactNode } from "react";

/** One column of a `DataTable`. */
export interface Column<Row> {
  /** Stable name: in the address, for sorting and hiding. */
  readonly id: string;
  /** With the unit where the cells do not say it. */
  readonly header: string;
  /** What the column is sorted by, and shown as when there is no `cell`. */
  readonly value: (row: Row) => string | number | null | undefined;
  readonly cell?: (row: Row) => ReactNode;
  /** Figures stand at the right, in digits of one width. */
  readonly numeric?: boolean;
  /** The others share what is left. */
  readonly widthPx?: number;
  /** False where the server gives no order by it. */
  readonly sortable?: boolean;
  /** True: not shown until a person asks for it. */
  readonly startsHidden?: boolean;
}

export interface Sorting {
  readonly column: string;
  readonly direction: "asc" | "desc";
}

/** In the address: `duration.desc`. */
export function parseSorting(text: string | undefined): Sorting | undefined {
  const [, column, direction] = /^(.+)\.(asc|desc)$/.exec(text ?? "") ?? [];
  if (column === undefined) return undefined;
  return { column, direction: direction === "desc" ? "desc" : "asc" };
}

export function sortingText({ column, direction }: Sorting): string {
  return `${column}.${direction}`;
}
