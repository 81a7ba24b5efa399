import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TableSource } from "../source/table-source.ts";
import { CsvRecords } from "./csv-records.ts";
import { sniffDelimiter } from "./csv-shape.ts";
import { csvTable } from "./csv-table.ts";
import { numberOf } from "./csv-value.ts";

function recordsOf(pieces: readonly string[], delimiter = ",") {
  const found: { fields: string[]; line: number }[] = [];
  const records = new CsvRecords(delimiter, (fields, line) => found.push({ fields, line }));
  for (const piece of pieces) records.push(piece);
  records.end();
  return found;
}
const fieldsOf = (text: string) => recordsOf([text]).map(({ fields }) => fields);

describe("records", () => {
  it.each<[string, string, readonly (readonly string[])[]]>([
    [
      "lines with LF",
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "lines with CRLF, the last without",
      "a,b\r\n1,2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ["lines with CR alone", "a\rb\rc", [["a"], ["b"], ["c"]]],
    [
      "empty fields",
      ",,\n,x,\n",
      [
        ["", "", ""],
        ["", "x", ""],
      ],
    ],
    ["empty lines", "a\n\n\r\nb\n", [["a"], ["b"]]],
    ["an empty quoted field", 'a\n""\n', [["a"], [""]]],
    [
      "quotes, delimiters and breaks in quotes",
      '"a,""b""","c\r\nd"\n1,2',
      [
        ['a,"b"', "c\r\nd"],
        ["1", "2"],
      ],
    ],
    ["a quote in the middle of a field", 'a"b,c\n', [['a"b', "c"]]],
    ["nothing", "", []],
  ])("%s", (_, text, expected) => {
    expect(fieldsOf(text)).toEqual(expected);
  });

  it("tell the line they begin at", () => {
    const lines = recordsOf(['a\n"x\ny"\n\nb\n']).map(({ line }) => line);
    expect(lines).toEqual([1, 2, 5]);
  });

  it.each([
    ["a quote that does not end", 'a\n"b', "a quoted field does not end", 2],
    ["text after a quote", 'a\nb\n"c"d\n', 'text follows the closing quote of "c"', 3],
    ["text after a quote of two lines", '"c\nx"d\n', "text follows the closing quote", 2],
  ])("refuse %s", (_, text, message, line) => {
    expect(() => fieldsOf(text)).toThrow(message);
    expect(() => fieldsOf(text)).toThrow(expect.objectContaining({ line }) as Error);
  });

  it("are what was written, wherever the text is cut", () => {
    const field = fc.array(fc.constantFrom("a", "é", '"', ",", "\n", "\r", " ", "🚀"), {
      maxLength: 6,
    });
    const record = fc.array(
      field.map((parts) => parts.join("")),
      { minLength: 2, maxLength: 4 },
    );
    const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 6 }),
        cuts,
        fc.constantFrom("\n", "\r\n"),
        (rows, at, end) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const plain = (text: string) => (/["\n\r,]/.test(text) ? quoted(text) : text);
          const text = rows.map((fields) => fields.map(plain).join(",") + end).join("");
          const places = [0, ...at.map((cut) => cut % (text.length + 1)), text.length];
          const sorted = places.sort((a, b) => a - b);
          const pieces = sorted.slice(1).map((place, i) => text.slice(sorted[i], place));
          expect(recordsOf(pieces).map(({ fields }) => fields)).toEqual(rows);
        },
      ),
    );
  });
});

it.each([
  ["1", 1],
  ["-2.5e3", -2500],
  [" 7 ", 7],
  [".5", 0.5],
  ["00012", 12],
  ["0", 0],
  ["-0", -0],
  ["1e999", Infinity],
  ["NaN", NaN],
  ["-inf", -Infinity],
  ["Infinity", Infinity],
  ["", null],
  ["  ", null],
  ["NA", null],
  ["null", null],
  ["0x10", undefined],
  ["0b1", undefined],
  ["1,5", undefined],
  ["1 2", undefined],
  ["five", undefined],
  ["2026-01-01", undefined],
])("the field '%s' is the number %s", (field, expected) => {
  expect(numberOf(field)).toBe(expected);
});

it.each([
  ["a,b;c,d", ","],
  ["a;b;c", ";"],
  ["a\tb", "\t"],
  ["a|b|c\n1,2,3,4", "|"],
  ['"a,b,c";d', ";"],
  ["a", ","],
])("the delimiter of %j is %j", (line, delimiter) => {
  expect(sniffDelimiter(line)).toBe(delimiter);
});

describe("a file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "scouter-csv-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  let count = 0;
  async function open(content: string | Uint8Array, options = {}): Promise<TableSource> {
    const file = join(folder, `${(count += 1)}.csv`);
    await writeFile(file, content);
    return csvTable(file, options);
  }
  async function valuesOf(source: TableSource) {
    const names = source.columns.map(({ name }) => name);
    const read: Record<string, unknown[]> = {};
    for await (const batch of source.batches(names)) {
      for (const [name, { values }] of batch) (read[name] ??= []).push(...values);
    }
    return read;
  }

  it("has columns of numbers and texts, with gaps in both", async () => {
    const source = await open("n;t;empty\n1;a;\nNA;;\n2.5;NA;\n");
    expect(source.columns.map(({ kind }) => kind)).toEqual(["number", "text", "number"]);
    const { n, t, empty } = await valuesOf(source);
    expect([n, t, empty]).toEqual([
      [1, NaN, 2.5],
      ["a", null, "NA"],
      [NaN, NaN, NaN],
    ]);
  });

  it("takes numbers for texts when told to", async () => {
    const source = await open("id,n\n007,1\n", { textColumns: ["id"] });
    expect(await valuesOf(source)).toEqual({ id: ["007"], n: [1] });
  });

  it("has no rows when it has a header alone", async () => {
    expect(await valuesOf(await open("a,b\n"))).toEqual({});
  });

  const longNumbers = `n,t\n${"1,a\n".repeat(300_000)}`;
  it.each<[string, string | Uint8Array, object, string, string]>([
    [
      "a row of another width",
      "a,b\n1,2\n3\n",
      {},
      "TABULAR_CSV_INVALID",
      "line 3: 1 fields, expected 2",
    ],
    ["a name twice", "a,a\n1,2\n", {}, "TABULAR_CSV_INVALID", "two columns are named 'a'"],
    ["nothing in it", "", {}, "TABULAR_CSV_INVALID", "line 1: no columns are named"],
    [
      "another encoding",
      Uint8Array.of(97, 10, 0xe9, 10),
      {},
      "TABULAR_FILE_UNREADABLE",
      "it is not UTF-8",
    ],
    [
      "an unknown text column",
      "a\n1\n",
      { textColumns: ["b"] },
      "TABULAR_COLUMN_UNKNOWN",
      "no column 'b'; there are: a",
    ],
    [
      "a text in a column of numbers, far behind",
      `${longNumbers}x,b\n`,
      {},
      "TABULAR_VALUE_INVALID",
      "column 'n' holds numbers, but 'x' at line 300002",
    ],
    [
      "a quote that does not end",
      'a\n"1',
      {},
      "TABULAR_CSV_INVALID",
      "line 2: a quoted field does not end",
    ],
  ])("is refused with %s", async (_, content, options, code, message) => {
    const reading = open(content, options).then(valuesOf);
    await expect(reading).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it("is refused when it is missing", async () => {
    await expect(csvTable(join(folder, "none.csv"))).rejects.toMatchObject({
      code: "TABULAR_FILE_UNREADABLE",
    });
  });
});
