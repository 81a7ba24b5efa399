import { randomUUID } from "node:crypto";
import { systemClock } from "@scouter/contracts";
import { DeltaTable, nullable, required, structOf, type ObjectStore } from "@scouter/delta";

/** Name of the table and of its folder in the lake. */
export const OBSERVATION_TABLE = "observation_archive";
/** Application id of the archive's commits; its versions are epochs. */
export const ARCHIVE_APPLICATION = `archive/${OBSERVATION_TABLE}`;

/** The published contract of the table: columns are only ever added. */
export const observationSchema = structOf([
  required("kind", "string"),
  required("day", "date"),
  required("profile_uid", "string"),
  required("series", "string"),
  required("received_at", "timestamp"),
  required("created_at", "timestamp"),
  required("position", "integer"),
  nullable("value", "double"),
  nullable("bin_id", "integer"),
  nullable("bin_count", "long"),
]);
export const PARTITION_COLUMNS = ["kind", "day"] as const;

/** A day of many rows takes longer than a flush of spans; far below the time after which files that nobody names are deleted. */
const MAX_COMMIT_AGE_MS = 6 * 3_600_000;

const PROPERTIES: Readonly<Record<string, string>> = {
  "delta.deletedFileRetentionDuration": "interval 24 hours",
  "delta.logRetentionDuration": "interval 7 days",
  "delta.checkpointInterval": "100",
};

/** The table's log in its store; made when it is not there. */
export function openObservationDelta(store: ObjectStore): Promise<DeltaTable> {
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
      schema: observationSchema,
      partitionColumns: [...PARTITION_COLUMNS],
      name: OBSERVATION_TABLE,
      configuration: PROPERTIES,
    },
  );
}
