/** Rows of a row group: what a lookup by trace id reads at least. */
const ROW_GROUP_ROWS = 20_480;

/**
 * Most different values of a column in a row group that get a dictionary, and with it a bloom filter; a column with more
 * is stored as differences, at a fraction of the size. Traces of two spans and more stay below it.
 */
const DICTIONARY_VALUES = ROW_GROUP_ROWS / 2;

/**
 * - `few`: in no row group are more than half of the rows of a trace of their own;
 * - `many`: anything else. All columns then get dictionaries, since a lookup by trace id would read every row group
 *   without the filter: files a half larger.
 */
export type TraceIdVariety = "few" | "many";

/** How many different trace ids, at most, a file of `few` may hold whatever their order. */
export const FEW_TRACE_IDS = DICTIONARY_VALUES;

/** Settings measured on spans: `docs/decisions/0037-encoding-of-files.md`. */
export function copyOptions(variety: TraceIdVariety): string {
  const dictionary = variety === "few" ? DICTIONARY_VALUES : ROW_GROUP_ROWS;
  return `FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 3,
    ROW_GROUP_SIZE ${ROW_GROUP_ROWS}, DICTIONARY_SIZE_LIMIT ${dictionary}`;
}
