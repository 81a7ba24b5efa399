import { randomUUID } from "node:crypto";
import { systemClock } from "@scouter/contracts";
import { DeltaTable, type ObjectStore, type StructType } from "@scouter/delta";

/** What tells one archive's table from another's. */
export interface ArchiveTable {
  /** Also of its folder in the lake. */
  readonly name: string;
  /** The published contract of the table: columns are only ever added. */
  readonly schema: StructType;
  /** Columns of the schema; the path of a file holds their values, its rows do not. */
  readonly partitionColumns: readonly string[];
  /** The columns of a row as DuckDB reads them from JSON. */
  readonly columns: string;
  readonly order: string;
  /** Columns with bounds for each file. Rows may lack them. */
  readonly timestamps: readonly string[];
  readonly texts: readonly string[];
}

/** Values of the table's partition columns. */
export type PartitionValues = Readonly<Record<string, string>>;

/** Application id of the archive's commits; its versions are epochs. */
export function applicationOf({ name }: ArchiveTable): string {
  return `archive/${name}`;
}

/** A day of many rows takes longer than a flush of spans; far below the time after which files that nobody names are deleted. */
const MAX_COMMIT_AGE_MS = 6 * 3_600_000;

const PROPERTIES: Readonly<Record<string, string>> = {
  "delta.deletedFileRetentionDuration": "interval 24 hours",
  "delta.logRetentionDuration": "interval 7 days",
  "delta.checkpointInterval": "100",
};

/** The table's log in its store; made when it is not there. */
export function openArchiveTable(store: ObjectStore, table: ArchiveTable): Promise<DeltaTable> {
  return DeltaTable.openOrCreate(
    {
      store,
      path: "",
      clock: systemClock,
      random: Math.random,
      newId: randomUUID,
      engineInfo: "scouter",
      maxCommitAgeMs: MAX_COMMIT_AGE_MS,
    },
    {
      schema: table.schema,
      partitionColumns: [...table.partitionColumns],
      name: table.name,
      configuration: PROPERTIES,
    },
  );
}
