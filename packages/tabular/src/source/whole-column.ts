import type { ColumnBatch } from "@scouter/drift";
import type { TableColumn, TableSource } from "./table-source.ts";

/** Values of a column that are held in memory at once (64 MB): enough for exact quantiles of 8 million rows. */
const MOST_WHOLE_ROWS = 8 * 1024 * 1024;

/** Whether columns can be taken one by one, each as a whole: what it costs is one pass, and the result is exact. */
export function fitsByColumn(source: TableSource): source is TableSource & { rows: number } {
  return source.isColumnwise && source.rows !== undefined && source.rows <= MOST_WHOLE_ROWS;
}

/** All rows of one column. */
export async function wholeColumn(
  source: TableSource & { readonly rows: number },
  { name, kind }: TableColumn,
): Promise<ColumnBatch> {
  const parts: ColumnBatch[] = [];
  for await (const batch of source.batches([name])) {
    const part = batch.get(name);
    if (part !== undefined) parts.push(part);
  }
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return kind === "number" ? joinedNumbers(parts, source.rows) : joinedTexts(parts);
}

function joinedNumbers(parts: readonly ColumnBatch[], rows: number): ColumnBatch {
  const values = new Float64Array(rows);
  let [start, missing] = [0, 0];
  for (const part of parts) {
    if (part.kind !== "number") continue;
    values.set(part.values, start);
    start += part.values.length;
    missing += part.missing;
  }
  return { kind: "number", values, missing };
}

function joinedTexts(parts: readonly ColumnBatch[]): ColumnBatch {
  return {
    kind: "text",
    values: parts.flatMap((part) => (part.kind === "text" ? part.values : [])),
  };
}
