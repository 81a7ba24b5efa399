import { CsvRecords } from "./csv-records.ts";
import { numberOf } from "./csv-value.ts";

export interface CsvShape {
  readonly delimiter: string;
  readonly columns: readonly { readonly name: string; readonly kind: "number" | "text" }[];
}

const DELIMITERS = [",", ";", "\t", "|"];

/** The delimiter that the first line has most of, outside quotes; a comma when it has none. */
export function sniffDelimiter(text: string): string {
  const [line = ""] = text.replaceAll(/"[^"]*"/g, "").split(/[\r\n]/, 1);
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] as string;
}

/**
 * Names and kinds of columns from the beginning of a file, whose last line may be cut. A column holds numbers when every
 * value in it does; without any value it is one of numbers, which has room for "missing".
 */
export function csvShape(
  text: string,
  given: {
    readonly delimiter?: string | undefined;
    readonly textColumns: readonly string[];
    readonly isWhole: boolean;
  },
): CsvShape {
  const delimiter = given.delimiter ?? sniffDelimiter(text);
  const rows: string[][] = [];
  const records = new CsvRecords(delimiter, (fields) => rows.push(fields));
  records.push(text);
  if (given.isWhole) records.end();
  const [names = [], ...values] = rows;
  const columns = names.map((name, i) => {
    const isText =
      given.textColumns.includes(name) ||
      values.some((row) => row[i] !== undefined && numberOf(row[i]) === undefined);
    return { name, kind: isText ? ("text" as const) : ("number" as const) };
  });
  return { delimiter, columns };
}
