import type { ReadColumn } from "../table/trace-spans.ts";
import type { Segment } from "../writer/segment.ts";

/**
 * What one read sees: the data files of a snapshot and the segments that the snapshot does not hold. Pinned until
 * released, so that a flush neither hides rows nor shows them twice while the read runs.
 */
export interface ReadView {
  /** Absolute paths of Parquet files. */
  readonly files: readonly string[];
  readonly segments: readonly Segment[];
  /** Resolves when every file is there to be read. */
  ready(): Promise<void>;
  release(): Promise<void>;
}

/**
 * SQL source with the columns given, over files and segments.
 *
 * `where` may use columns that exist by the same name in files and staging tables. An empty view gives a source
 * without rows but with the columns' types.
 */
export function sourceSql(view: ReadView, columns: readonly ReadColumn[], where?: string): string {
  const condition = where === undefined ? "" : ` WHERE ${where}`;
  const stored = columns.map((column) => column.name).join(", ");
  const staged = columns.map((column) => `${column.staged} AS ${column.name}`).join(", ");
  const parts = view.segments.map(
    (segment) => `SELECT ${staged} FROM ${segment.table}${condition}`,
  );
  if (view.files.length > 0) {
    const list = view.files.map(sqlText).join(", ");
    parts.unshift(`SELECT ${stored} FROM read_parquet([${list}])${condition}`);
  }
  if (parts.length === 0) {
    const typed = columns.map((column) => `NULL::${column.type} AS ${column.name}`).join(", ");
    // The condition stays, so that the statement takes the same parameters as any other.
    parts.push(`SELECT * FROM (SELECT * FROM (SELECT ${typed}) WHERE false)${condition}`);
  }
  return parts.join(" UNION ALL ");
}

/** A text literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
