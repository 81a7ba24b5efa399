import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { type AddFile, decodeStatistics } from "@scouter/delta";
import { errors } from "../errors.ts";
import { sqlText } from "../reader/sql-text.ts";
import type { DataFiles } from "../table/data-files.ts";
import type { ArchiveTable, PartitionValues } from "./archive-table.ts";
import { archiveFile } from "./archive-file.ts";

/** Files below are small: every one costs a request, or a copy, of whoever reads a month. */
const SMALL_BYTES = 32 * 2 ** 20;
/** What small files become together; far below what the engine sorts in its memory, with the rest on disk. */
const MOST_BYTES = 64 * 2 ** 20;

/** Partitions whose rows may stand together, in one that stands for all of them. */
export interface MergeGroup {
  readonly of: readonly PartitionValues[];
  readonly into: PartitionValues;
}

export interface PlannedMerge {
  readonly files: readonly AddFile[];
  readonly into: PartitionValues;
}

/**
 * The first files that become one: small ones of a group, in the table's order, up to a size. Undefined when no two small
 * files are left that fit together, which doing what was planned comes to: each merge leaves fewer files than it found.
 */
export function planMerge(
  groups: readonly { readonly files: readonly AddFile[]; readonly into: PartitionValues }[],
): PlannedMerge | undefined {
  for (const { files, into } of groups) {
    const small = files.filter(({ size }) => size < SMALL_BYTES);
    const together: AddFile[] = [];
    let bytes = 0;
    for (const file of small.toSorted((a, b) => a.size - b.size)) {
      if (bytes + file.size > MOST_BYTES) break;
      together.push(file);
      bytes += file.size;
    }
    if (together.length > 1) return { files: together, into };
  }
  return undefined;
}

/**
 * Writes the rows of files into one, in the table's order.
 *
 * @throws LAKE_MAINTENANCE_FAILED when the new file has not the rows that the log tells of; the old ones stay
 */
export async function mergeFiles(
  parts: {
    readonly connection: DuckDBConnection;
    readonly files: DataFiles;
    readonly temporaryFolder: string;
    readonly table: ArchiveTable;
  },
  { files: merged, into }: PlannedMerge,
): Promise<AddFile> {
  const { connection, files, temporaryFolder, table } = parts;
  const held = files.hold(merged);
  const localPath = join(temporaryFolder, `merged-${randomUUID()}.parquet`);
  try {
    await held.ready();
    const paths = merged.map(({ path }) => sqlText(join(files.folder, path))).join(", ");
    await connection.run(
      `COPY (SELECT * FROM read_parquet([${paths}], union_by_name = true, hive_partitioning = false)
        ORDER BY ${table.order})
        TO ${sqlText(localPath)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)`,
    );
    const { file, rows } = await archiveFile({ connection, table }, into, localPath);
    const expected = merged.reduce((sum, add) => sum + rowsOf(add), 0);
    if (rows !== expected) {
      const reason = `files of '${table.name}' have ${expected} rows, merged they have ${rows}`;
      throw errors.LAKE_MAINTENANCE_FAILED({ reason });
    }
    await files.put(file.path, localPath, file.size);
    return { ...file, dataChange: false };
  } finally {
    held.release();
    await rm(localPath, { force: true });
  }
}

/** Every file of an archive carries its number; one that does not cannot be compared, and differs from any. */
function rowsOf({ stats }: AddFile): number {
  return decodeStatistics(stats)?.numRecords ?? NaN;
}
