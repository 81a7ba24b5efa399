import { errors } from "../errors.ts";
import type { TableColumn } from "./table-source.ts";

/** The columns of these names, in their order. Throws TABULAR_COLUMN_UNKNOWN. */
export function selectColumns<Column extends TableColumn>(
  columns: readonly Column[],
  names: readonly string[],
): readonly Column[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return names.map((name) => {
    const column = byName.get(name);
    if (column !== undefined) return column;
    throw errors.TABULAR_COLUMN_UNKNOWN({ column: name, available: [...byName.keys()] });
  });
}
