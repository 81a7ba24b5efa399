import type { SpanFile } from "../table/span-file.ts";
import type { ReadColumn } from "../table/trace-spans.ts";
import type { Segment } from "../writer/segment.ts";
import { sqlText } from "./sql-text.ts";

/**
 * What one read sees: the data files of a snapshot and the segments that the snapshot does not hold. Pinned until
 * released, so that a flush neither hides rows nor shows them twice while the read runs.
 */
export interface ReadView extends TableView {
  /** The same spans as fragments, of which some may be in one table and not yet in the other. */
  readonly summaries: TableView;
}

/** What a read sees of one table. */
export interface TableView {
  readonly files: readonly SpanFile[];
  readonly segments: readonly Segment[];
  /** Resolves when these files are there to be read, until the view is released. */
  hold(files: readonly SpanFile[]): Promise<void>;
  /** Lets go of all tables of the view. */
  release(): Promise<void>;
}

/** Starts of spans, nanoseconds: `from <= start < to`. */
export interface StartRange {
  readonly fromNano: bigint;
  readonly toNano: bigint;
}

/** The view without files that hold no span of the range. Released with the view it is made from. */
export function within(view: TableView, range: StartRange): TableView {
  const files = view.files.filter(
    ({ minStartNano, maxStartNano }) =>
      (minStartNano === undefined || minStartNano < range.toNano) &&
      (maxStartNano === undefined || maxStartNano >= range.fromNano),
  );
  return { ...view, files };
}

/**
 * SQL source with the columns given, over files and segments.
 *
 * Resolves when the files of the view are there to be read: cut it down to what is needed first.
 * `where` may use columns that exist by the same name in files and staging tables. An empty view gives a source
 * without rows but with the columns' types.
 */
export async function sourceSql(
  view: TableView,
  columns: readonly ReadColumn[],
  where?: string,
): Promise<string> {
  await view.hold(view.files);
  const condition = where === undefined ? "" : ` WHERE ${where}`;
  const stored = columns.map((column) => column.name).join(", ");
  const staged = columns.map((column) => `${column.staged} AS ${column.name}`).join(", ");
  const parts = view.segments.map(
    (segment) => `SELECT ${staged} FROM ${segment.table}${condition}`,
  );
  if (view.files.length > 0) {
    parts.unshift(`SELECT ${stored} FROM ${filesSql(view, columns)}${condition}`);
  }
  if (parts.length === 0) {
    const typed = columns.map((column) => `NULL::${column.type} AS ${column.name}`).join(", ");
    // The condition stays, so that the statement takes the same parameters as any other.
    parts.push(`SELECT * FROM (SELECT * FROM (SELECT ${typed}) WHERE false)${condition}`);
  }
  return parts.join(" UNION ALL ");
}

function filesSql(view: TableView, columns: readonly ReadColumn[]): string {
  const list = view.files.map(({ path }) => sqlText(path)).join(", ");
  const added = columns.filter(({ isAdded }) => isAdded);
  if (added.length === 0) return `read_parquet([${list}])`;
  // A first part without rows lends the columns that no file may have, as null.
  const typed = added.map(({ name, type }) => `NULL::${type} AS ${name}`).join(", ");
  return `(SELECT * FROM (SELECT ${typed}) WHERE false
    UNION ALL BY NAME SELECT * FROM read_parquet([${list}], union_by_name = true))`;
}
