import type { TableBatch } from "@scouter/drift";

/** Port: where the rows of a table come from. Adapters: memory, CSV, Parquet, Arrow. */
export interface TableSource {
  /** Columns in the order of the source, each with one kind for all rows. */
  readonly columns: readonly TableColumn[];
  /** Columns that hold something else than numbers and texts: they are not read. */
  readonly leftOut: readonly LeftOutColumn[];
  /** Undefined when only reading tells. */
  readonly rows: number | undefined;
  /** Whether reading some columns costs those alone. Where it is false, every pass costs the whole table. */
  readonly isColumnwise: boolean;
  /**
   * All rows of some columns, in order, in batches of any number of rows. May be called again, for as many passes as are
   * needed, but not while an earlier pass is under way. A batch has exactly the columns asked for; its arrays may be used
   * again for the next one and must not be changed. Memory is bounded: by the batch where rows are read one by one, by a
   * row group of the columns asked for where columns are.
   *
   * Ends with an error, after any number of batches, when the source cannot be read or holds a value that its column
   * cannot (TABULAR_VALUE_INVALID). Unknown names are TABULAR_COLUMN_UNKNOWN before the first batch.
   */
  batches(columns: readonly string[]): AsyncIterable<TableBatch>;
  /** Gives back what was opened. Idempotent; no pass afterwards. */
  close(): Promise<void>;
}

export interface TableColumn {
  readonly name: string;
  readonly kind: "number" | "text";
}

export interface LeftOutColumn {
  readonly name: string;
  readonly reason: string;
}
