import type { TracePlace } from "../lookup/trace-index.ts";
import type { SpanFile } from "../table/span-file.ts";
import type { ReadColumn } from "../table/trace-spans.ts";
import type { Segment } from "../writer/segment.ts";
import { sqlText } from "./sql-text.ts";
import { hullOf, type StartRange } from "./start-range.ts";

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
  /** Where spans of these traces can be in these files: what is left out holds none of them. */
  placesOf(traceIds: readonly string[], files: readonly SpanFile[]): Promise<readonly TracePlace[]>;
  /** Lets go of all tables of the view. */
  release(): Promise<void>;
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
  return partsSql(view, columns, where, [{ files: view.files, starts: undefined }]);
}

/**
 * As `sourceSql`, of the files and times alone in which these traces can be; undefined when they are nowhere. `where` has
 * to ask for the traces all the same: others lie beside them.
 */
export async function traceSourceSql(
  view: TableView,
  columns: readonly ReadColumn[],
  traceIds: readonly string[],
  where: string,
): Promise<string | undefined> {
  const places = await view.placesOf(traceIds, view.files);
  if (places.length === 0 && view.segments.length === 0) return undefined;
  await view.hold(places.map(({ file }) => file));
  const filesOf = (some: readonly TracePlace[]) => some.map(({ file }) => file);
  const timed = places.filter(({ starts }) => starts !== undefined);
  return partsSql(view, columns, where, [
    { files: filesOf(timed), starts: timed.flatMap(({ starts }) => starts ?? []) },
    { files: filesOf(places.filter(({ starts }) => starts === undefined)), starts: undefined },
  ]);
}

/** More is divided among threads; below, one works and the others would only spin. */
const MOST_SMALL_GROUPS = 4;

/** Whether so few row groups can hold these traces that one thread reads them best. */
export async function isSmallLookup(
  view: TableView,
  traceIds: readonly string[],
): Promise<boolean> {
  const places = await view.placesOf(traceIds, view.files);
  const groups = places.reduce((sum, { rowGroups }) => sum + (rowGroups ?? Infinity), 0);
  return groups <= MOST_SMALL_GROUPS;
}

/** Files that are read by one scan. */
interface FilesPart {
  readonly files: readonly SpanFile[];
  /** What starts outside is left out, as if it did not meet the condition; undefined for nothing. */
  readonly starts: readonly StartRange[] | undefined;
}

function partsSql(
  { segments }: TableView,
  columns: readonly ReadColumn[],
  where: string | undefined,
  scans: readonly FilesPart[],
): string {
  const condition = where === undefined ? "" : ` WHERE ${where}`;
  const stored = columns.map((column) => column.name).join(", ");
  const staged = columns.map((column) => `${column.staged} AS ${column.name}`).join(", ");
  const parts = scans
    .filter(({ files }) => files.length > 0)
    .map(({ files, starts }) => {
      const conditions = [where, starts && startsSql(starts)].filter((sql) => sql !== undefined);
      const all = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
      return `SELECT ${stored} FROM ${filesSql(files, columns)}${all}`;
    });
  for (const segment of segments) {
    parts.push(`SELECT ${staged} FROM ${segment.table}${condition}`);
  }
  if (parts.length === 0) {
    const typed = columns.map((column) => `NULL::${column.type} AS ${column.name}`).join(", ");
    // The condition stays, so that the statement takes the same parameters as any other.
    parts.push(`SELECT * FROM (SELECT * FROM (SELECT ${typed}) WHERE false)${condition}`);
  }
  return parts.join(" UNION ALL ");
}

/** Beyond so many ranges the scan asks the files' own filters about what lies between. */
const MOST_RANGES = 8;

function startsSql(ranges: readonly StartRange[]): string {
  const few = ranges.length <= MOST_RANGES ? ranges : [ranges.reduce(hullOf)];
  const conditions = few.map(
    ({ fromNano, toNano }) =>
      `(start_time_unix_nano >= ${fromNano} AND start_time_unix_nano < ${toNano})`,
  );
  return `(${conditions.join(" OR ")})`;
}

function filesSql(files: readonly SpanFile[], columns: readonly ReadColumn[]): string {
  const list = files.map(({ path }) => sqlText(path)).join(", ");
  const added = columns.filter(({ isAdded }) => isAdded);
  if (added.length === 0) return `read_parquet([${list}])`;
  // A first part without rows lends the columns that no file may have, as null.
  const typed = added.map(({ name, type }) => `NULL::${type} AS ${name}`).join(", ");
  return `(SELECT * FROM (SELECT ${typed}) WHERE false
    UNION ALL BY NAME SELECT * FROM read_parquet([${list}], union_by_name = true))`;
}
