import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { ColumnBatch, TableBatch } from "@scouter/drift";
import { errors } from "../errors.ts";
import { selectColumns } from "../source/select-columns.ts";
import type { TableSource } from "../source/table-source.ts";
import { CsvRecords, CsvSyntaxError } from "./csv-records.ts";
import { csvShape } from "./csv-shape.ts";
import { numberOf } from "./csv-value.ts";

export interface CsvOptions {
  /** One character; default: the one of `,` `;` tab `|` that the first line has most of. */
  readonly delimiter?: string | undefined;
  /** Columns that are texts though they look like numbers at the beginning. */
  readonly textColumns?: readonly string[] | undefined;
}

/** So much is read to tell numbers from texts. */
const SAMPLE_BYTES = 1 << 20;
const READ_BYTES = 1 << 20;
const BATCH_ROWS = 8192;

/**
 * A file of comma-separated values in UTF-8, whose first line names the columns. Kinds are those of the first megabyte:
 * a text in a column of numbers further on is TABULAR_VALUE_INVALID, with its line. Missing values: an empty field, and NA,
 * N/A, null, None in columns of numbers. Throws TABULAR_FILE_UNREADABLE, TABULAR_CSV_INVALID, TABULAR_COLUMN_UNKNOWN.
 */
export async function csvTable(file: string, options: CsvOptions = {}): Promise<TableSource> {
  const { textColumns = [] } = options;
  const sample = await firstBytes(file);
  const { delimiter, columns } = located(file, () =>
    csvShape(decoded(file, sample.bytes, sample.isWhole), {
      delimiter: options.delimiter,
      textColumns,
      isWhole: sample.isWhole,
    }),
  );
  if (columns.length === 0) {
    throw errors.TABULAR_CSV_INVALID({ file, line: 1, reason: "no columns are named" });
  }
  const repeated = columns.find(({ name }, i) => columns.findIndex((c) => c.name === name) < i);
  if (repeated !== undefined) {
    const reason = `two columns are named '${repeated.name}'`;
    throw errors.TABULAR_CSV_INVALID({ file, line: 1, reason });
  }
  selectColumns(columns, textColumns);
  const placed = columns.map((column, place) => ({ ...column, place }));
  return {
    columns,
    leftOut: [],
    rows: undefined,
    isColumnwise: false,
    batches: (names) =>
      batches({ file, delimiter, width: columns.length, chosen: selectColumns(placed, names) }),
    close: () => Promise.resolve(),
  };
}

interface Pass {
  readonly file: string;
  readonly delimiter: string;
  readonly width: number;
  readonly chosen: readonly PlacedColumn[];
}

interface PlacedColumn {
  readonly name: string;
  readonly kind: "number" | "text";
  readonly place: number;
}

async function* batches({ file, delimiter, width, chosen }: Pass): AsyncGenerator<TableBatch> {
  const full: TableBatch[] = [];
  let filling = new Filling(file, chosen);
  let isHeader = true;
  const records = new CsvRecords(delimiter, (fields, line) => {
    if (isHeader) {
      isHeader = false;
      return;
    }
    if (fields.length !== width) {
      const reason = `${fields.length} fields, expected ${width}`;
      throw errors.TABULAR_CSV_INVALID({ file, line, reason });
    }
    filling.add(fields, line);
    if (filling.rows < BATCH_ROWS) return;
    full.push(filling.batch());
    filling = new Filling(file, chosen);
  });
  for await (const text of texts(file)) {
    located(file, () => records.push(text));
    yield* full.splice(0);
  }
  located(file, () => records.end());
  yield* full.splice(0);
  if (filling.rows > 0) yield filling.batch();
}

/** A batch in the making. */
class Filling {
  readonly #file: string;
  readonly #columns: readonly {
    readonly column: PlacedColumn;
    readonly numbers: Float64Array;
    readonly texts: (string | null)[];
    missing: number;
  }[];
  rows = 0;

  constructor(file: string, chosen: readonly PlacedColumn[]) {
    this.#file = file;
    this.#columns = chosen.map((column) => ({
      column,
      numbers: new Float64Array(column.kind === "number" ? BATCH_ROWS : 0),
      texts: [],
      missing: 0,
    }));
  }

  add(fields: readonly string[], line: number): void {
    for (const own of this.#columns) {
      const field = fields[own.column.place] as string;
      if (own.column.kind === "text") {
        own.texts.push(field === "" ? null : field);
        continue;
      }
      const value = numberOf(field);
      if (value === undefined) {
        const where = `line ${line} of '${this.#file}'`;
        const given = field.slice(0, 80);
        throw errors.TABULAR_VALUE_INVALID({ column: own.column.name, where, given });
      }
      if (value === null) own.missing += 1;
      own.numbers[this.rows] = value ?? NaN;
    }
    this.rows += 1;
  }

  batch(): TableBatch {
    return new Map(
      this.#columns.map(({ column, numbers, texts, missing }): [string, ColumnBatch] => [
        column.name,
        column.kind === "text"
          ? { kind: "text", values: texts }
          : { kind: "number", values: numbers.subarray(0, this.rows), missing },
      ]),
    );
  }
}

async function* texts(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const bytes of createReadStream(file, { highWaterMark: READ_BYTES })) {
      yield decoder.decode(bytes as Uint8Array, { stream: true });
    }
    decoder.decode();
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

async function firstBytes(file: string) {
  try {
    await using handle = await open(file);
    const bytes = new Uint8Array(SAMPLE_BYTES);
    const { bytesRead } = await handle.read(bytes, 0, SAMPLE_BYTES, 0);
    return { bytes: bytes.subarray(0, bytesRead), isWhole: bytesRead < SAMPLE_BYTES };
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** The sample may end within a character. */
function decoded(file: string, bytes: Uint8Array, isWhole: boolean): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || "kind" in cause) return cause;
  const isEncoding = cause instanceof TypeError;
  const reason = isEncoding ? "it is not UTF-8" : cause.message;
  return errors.TABULAR_FILE_UNREADABLE({ file, reason }, { cause });
}

/** A fault of the text gets the name of its file. */
function located<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof CsvSyntaxError)) throw cause;
    const { line, message: reason } = cause;
    throw errors.TABULAR_CSV_INVALID({ file, line, reason }, { cause });
  }
}
