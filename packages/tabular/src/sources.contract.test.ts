import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StoredTable, tableSourceContract } from "@scouter/testkit/contract/table-source";
import { tableToIPC, vectorFromArray, Table, Float64, Utf8 } from "apache-arrow";
import { parquetWriteBuffer } from "hyparquet-writer";
import { openTable, type TableInput } from "./source/open-table.ts";

const nothing = () => Promise.resolve();
const inMemory = async (input: TableInput) => ({ source: await openTable(input), remove: nothing });

async function inFile(name: string, content: string | Uint8Array) {
  const folder = await mkdtemp(join(tmpdir(), "scouter-tabular-"));
  const file = join(folder, name);
  await writeFile(file, content);
  return {
    source: await openTable({ file }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const columnsOf = ({ numbers, texts }: StoredTable) => ({ ...numbers, ...texts });
const rowCount = (table: StoredTable) => Object.values(table.numbers)[0]?.length ?? 0;

tableSourceContract("columns in memory", (table) => inMemory(columnsOf(table)), { texts: true });

tableSourceContract(
  "rows in memory",
  (table) => {
    const columns = columnsOf(table);
    const names = Object.keys(columns);
    const rows = Array.from({ length: rowCount(table) }, (_, row) =>
      Object.fromEntries(names.map((name) => [name, columns[name]?.[row]])),
    );
    return inMemory(rows);
  },
  { texts: true },
);

tableSourceContract(
  "matrix in memory",
  (table) => {
    const columns = Object.keys(table.numbers);
    const values = new Float64Array(columns.length * rowCount(table));
    for (const [i, name] of columns.entries()) {
      for (const [row, value] of (table.numbers[name] ?? []).entries()) {
        values[row * columns.length + i] = value ?? NaN;
      }
    }
    return inMemory({ values, columns });
  },
  { texts: false },
);

function arrowOf(table: StoredTable): Table {
  const numbers = Object.entries(table.numbers).map(
    ([name, values]) => [name, vectorFromArray(values, new Float64())] as const,
  );
  const texts = Object.entries(table.texts).map(
    ([name, values]) => [name, vectorFromArray(values, new Utf8())] as const,
  );
  return new Table(Object.fromEntries([...numbers, ...texts]));
}

tableSourceContract("Arrow table", (table) => inMemory(arrowOf(table)), { texts: true });

tableSourceContract(
  "Arrow file",
  (table) => inFile("table.arrow", tableToIPC(arrowOf(table), "file")),
  { texts: true },
);

tableSourceContract(
  "Parquet file",
  (table) => {
    const columnData = [
      ...Object.entries(table.numbers).map(([name, data]) => ({
        name,
        data: [...data],
        type: "DOUBLE" as const,
        nullable: true,
      })),
      ...Object.entries(table.texts).map(([name, data]) => ({
        name,
        data: [...data],
        type: "STRING" as const,
        nullable: true,
      })),
    ];
    const buffer = parquetWriteBuffer({ columnData, rowGroupSize: 3000 });
    return inFile("table.parquet", new Uint8Array(buffer));
  },
  { texts: true },
);

tableSourceContract(
  "CSV file",
  (table) => {
    const columns = columnsOf(table);
    const names = Object.keys(columns);
    const field = (value: number | string | null | undefined) => {
      const text = String(value ?? "");
      return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const lines = Array.from({ length: rowCount(table) }, (_, row) =>
      names.map((name) => field(columns[name]?.[row])).join(","),
    );
    return inFile("table.csv", `\uFEFF${names.join(",")}\r\n${lines.join("\r\n")}`);
  },
  { texts: true },
);
