import type { TableBatch } from "@scouter/drift";
import type { TableSource } from "@scouter/tabular";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** What the suite stores and expects to read again: numbers with gaps, and texts with gaps. */
export interface StoredTable {
  readonly numbers: Readonly<Record<string, readonly (number | null)[]>>;
  readonly texts: Readonly<Record<string, readonly (string | null)[]>>;
}

export interface TableSourceSubject {
  readonly source: TableSource;
  /** Removes what was stored; the suite has closed the source. */
  readonly remove: () => Promise<void>;
}

export interface TableSourceCapabilities {
  /** Whether text columns are possible, and missing numbers told from NaN. */
  readonly texts: boolean;
}

const ROWS = 20_000;
const row = (i: number) => i;
const TABLE: StoredTable = {
  numbers: {
    whole: Array.from({ length: ROWS }, (_, i) => row(i) - 7),
    fraction: Array.from({ length: ROWS }, (_, i) => Math.sin(i) * 1e-3),
    gaps: Array.from({ length: ROWS }, (_, i) => (i % 5 === 2 ? null : i / 4)),
  },
  texts: {
    word: Array.from({ length: ROWS }, (_, i) => `w${i % 13}`),
    odd: Array.from({ length: ROWS }, (_, i) =>
      i % 7 === 3 ? null : ["a,b", 'say "hi"', "two\nlines", "  blank ", "naïve 🚀"][i % 5]!,
    ),
  },
};

/** The port's contract; run it on every adapter. */
export function tableSourceContract(
  name: string,
  store: (table: StoredTable) => Promise<TableSourceSubject>,
  { texts }: TableSourceCapabilities,
): void {
  const stored: StoredTable = texts
    ? TABLE
    : {
        numbers: { whole: TABLE.numbers["whole"]!, fraction: TABLE.numbers["fraction"]! },
        texts: {},
      };
  const names = [...Object.keys(stored.numbers), ...Object.keys(stored.texts)];

  describe(`TableSource contract: ${name}`, () => {
    let subject: TableSourceSubject;
    let source: TableSource;
    beforeEach(async () => {
      subject = await store(stored);
      ({ source } = subject);
    });
    afterEach(async () => {
      await source.close();
      await source.close();
      await subject.remove();
    });

    it("tells columns in their order with one kind each, and the rows when it knows them", () => {
      expect(source.columns).toEqual(
        names.map((own) => ({ name: own, kind: own in stored.numbers ? "number" : "text" })),
      );
      expect(source.leftOut).toEqual([]);
      expect([undefined, ROWS]).toContain(source.rows);
    });

    it("gives all rows of all columns in order, as often as it is asked", async () => {
      for (const _ of [1, 2]) {
        const read = await readAll(source, names);
        expect(read.rows).toBe(ROWS);
        for (const own of names) {
          const expected = stored.numbers[own] ?? stored.texts[own] ?? [];
          expect(read.values.get(own)).toEqual(expected.map((value) => value ?? null));
        }
        const gaps = (stored.numbers["gaps"] ?? []).filter((value) => value === null).length;
        expect(read.missing).toBe(gaps);
      }
    });

    it("gives exactly the columns asked for", async () => {
      const [last = "", first = ""] = [names.at(-1), names[0]];
      for await (const batch of source.batches([last, first])) {
        expect([...batch.keys()].toSorted()).toEqual([last, first].toSorted());
      }
    });

    it("can be left in the middle of a pass, and read again", async () => {
      for await (const batch of source.batches(names)) {
        expect(batch.size).toBe(names.length);
        break;
      }
      expect((await readAll(source, ["whole"])).rows).toBe(ROWS);
    });

    it("refuses a name that it does not have before the first batch", async () => {
      const reading = readAll(source, ["whole", "nothing"]);
      await expect(reading).rejects.toMatchObject({ code: "TABULAR_COLUMN_UNKNOWN" });
    });
  });
}

/** Everything that a pass gives; NaN, which stands for a gap, as null. */
async function readAll(source: TableSource, names: readonly string[]) {
  const values = new Map<string, (number | string | null)[]>(names.map((own) => [own, []]));
  let [rows, missing] = [0, 0];
  for await (const batch of source.batches(names)) {
    rows += rowsOf(batch);
    for (const [own, column] of batch) {
      const into = values.get(own) ?? [];
      expect(column.values.length).toBe(rowsOf(batch));
      for (const value of column.values) into.push(Number.isNaN(value) ? null : value);
      if (column.kind === "number") missing += column.missing;
    }
  }
  return { values, rows, missing };
}

function rowsOf(batch: TableBatch): number {
  const [first] = batch.values();
  return first?.values.length ?? 0;
}
