import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import {
  encodeStatistics,
  textLowerBound,
  textUpperBound,
  timestampLowerBound,
  timestampUpperBound,
  type AddFile,
} from "@scouter/delta";
import { sqlText } from "../reader/sql-text.ts";
import type { ArchiveTable, PartitionValues } from "./archive-table.ts";

/** What the table's log says of a finished file, under a name of its own in the folder of its partition. */
export async function archiveFile(
  { connection, table }: { readonly connection: DuckDBConnection; readonly table: ArchiveTable },
  partitionValues: PartitionValues,
  localPath: string,
): Promise<{ readonly file: AddFile; readonly rows: number }> {
  const { rows, stats } = await statisticsOf(connection, table, localPath);
  const folders = table.partitionColumns.map((column) => `${column}=${partitionValues[column]}`);
  const path = [...folders, `part-${randomUUID()}.zstd.parquet`].join("/");
  const { size } = await stat(localPath);
  return {
    rows,
    file: { path, partitionValues, size, modificationTime: Date.now(), dataChange: true, stats },
  };
}

interface Bounds {
  readonly minValues: Record<string, string>;
  readonly maxValues: Record<string, string>;
  readonly nullCount: Record<string, number>;
}

async function statisticsOf(connection: DuckDBConnection, table: ArchiveTable, path: string) {
  const { timestamps, texts } = table;
  const bounds = [
    ...timestamps.map((name) => `epoch_us(min(${name})), epoch_us(max(${name})), count(${name})`),
    ...texts.map((name) => `min(${name}), max(${name}), count(${name})`),
  ];
  const reader = await connection.runAndReadAll(
    `SELECT count(*), ${bounds.join(", ")}
    FROM read_parquet(${sqlText(path)}, hive_partitioning = false)`,
  );
  const [records, ...values] = reader.getRows()[0] as (bigint | string | null)[];
  const rows = Number(records);
  const found: Bounds = { minValues: {}, maxValues: {}, nullCount: {} };
  for (const [index, name] of [...timestamps, ...texts].entries()) {
    const [min, max, known] = values.slice(3 * index);
    found.nullCount[name] = rows - Number(known);
    if (typeof min === "bigint" && typeof max === "bigint") {
      found.minValues[name] = timestampLowerBound(min);
      found.maxValues[name] = timestampUpperBound(max);
    } else if (typeof min === "string" && typeof max === "string") {
      found.minValues[name] = textLowerBound(min);
      found.maxValues[name] = textUpperBound(max);
    }
  }
  return { rows, stats: encodeStatistics({ numRecords: rows, ...found }) };
}
