import { defineErrors } from "@scouter/contracts";

/** The package's error catalogue; see docs/reference/errors. */
export const errors = defineErrors({
  TABULAR_FILE_UNREADABLE: {
    kind: "invalid",
    message: (p: { file: string; reason: string }) => `cannot read '${p.file}': ${p.reason}`,
    remedy: "name a readable file",
  },
  TABULAR_FORMAT_UNKNOWN: {
    kind: "invalid",
    message: (p: { file: string }) =>
      `'${p.file}' does not tell its format: expected .csv, .tsv, .parquet, .arrow or .feather`,
    remedy: "name the format: csv, parquet or arrow",
  },
  TABULAR_INPUT_INVALID: {
    kind: "invalid",
    message: (p: { reason: string }) => `input table: ${p.reason}`,
    remedy: "give columns by name, rows of one shape, a matrix, an Arrow table or a file",
  },
  TABULAR_CSV_INVALID: {
    kind: "invalid",
    message: (p: { file: string; line: number; reason: string }) =>
      `'${p.file}', line ${p.line}: ${p.reason}`,
    remedy: "correct the line; name the delimiter when it is none of comma, semicolon, tab and |",
  },
  TABULAR_VALUE_INVALID: {
    kind: "invalid",
    message: (p: { column: string; where: string; given: string }) =>
      `column '${p.column}' holds numbers, but '${p.given}' at ${p.where}`,
    remedy: "correct the value, or list the column among the text columns",
  },
  TABULAR_COLUMN_UNKNOWN: {
    kind: "invalid",
    message: (p: { column: string; available: readonly string[] }) =>
      `no column '${p.column}'; there are: ${p.available.join(", ")}`,
    remedy: "correct the name",
  },
  TABULAR_PROFILE_KIND: {
    kind: "invalid",
    message: (p: { given: string }) =>
      `drift of a table is computed for Psi and Spc profiles, not for ${p.given}`,
    remedy: "give a profile of one of these kinds",
  },
  TABULAR_ARROW_MISSING: {
    kind: "invalid",
    message: (p: { file: string }) =>
      `'${p.file}' is an Arrow file, and the package apache-arrow is not installed`,
    remedy: "npm install apache-arrow",
  },
  TABULAR_THREAD_ENDED: {
    kind: "internal",
    message: (p: { reason: string }) => `the thread that read the table ended: ${p.reason}`,
    remedy: "report it; with more memory (node --max-old-space-size) it may pass",
  },
});
