import { randomUUID } from "node:crypto";
import { systemClock } from "@scouter/contracts";
import { DeltaTable, type ObjectStore, type StructType } from "@scouter/delta";
import type { LakeTrial } from "./lake-trial.ts";
import { SUMMARY_TABLE, summarySchema } from "../summary/trace-summaries.ts";
import { PARTITION_COLUMN, traceSpanSchema } from "./trace-spans.ts";

/** Name of the table and of its folder in the lake. */
export const SPAN_TABLE = "trace_spans";

/** Application id of maintenance commits; its versions are epochs. */
export const MAINTENANCE_APPLICATION = `maintenance/${SPAN_TABLE}`;

/** A table that is written from the ingest log. */
export interface LakeTableDefinition {
  /** Of the table and of its folder in the lake. */
  readonly name: string;
  readonly schema: StructType;
  /** Application id of its maintenance commits. */
  readonly maintenanceApplication: string;
}

export const spanTableDefinition: LakeTableDefinition = {
  name: SPAN_TABLE,
  schema: traceSpanSchema,
  maintenanceApplication: MAINTENANCE_APPLICATION,
};

export const summaryTableDefinition: LakeTableDefinition = {
  name: SUMMARY_TABLE,
  schema: summarySchema,
  maintenanceApplication: `maintenance/${SUMMARY_TABLE}`,
};

/**
 * How long files stay that no snapshot needs, for readers that do not know yet, and commits, for those who look back.
 * A table keeps what its owner has set.
 */
const PROPERTIES: Readonly<Record<string, string>> = {
  "delta.deletedFileRetentionDuration": "interval 24 hours",
  "delta.logRetentionDuration": "interval 7 days",
  "delta.checkpointInterval": "100",
};

/** The table's log in its store; made when it is not there. */
export function openSpanDelta(
  store: ObjectStore,
  trial?: LakeTrial,
  { name, schema }: LakeTableDefinition = spanTableDefinition,
): Promise<DeltaTable> {
  return DeltaTable.openOrCreate(
    {
      store,
      path: "",
      clock: systemClock,
      random: Math.random,
      newId: randomUUID,
      engineInfo: "scouter",
      ...(trial && { maxCommitAgeMs: trial.maxCommitAgeMs }),
    },
    {
      schema,
      partitionColumns: [PARTITION_COLUMN],
      name,
      configuration: PROPERTIES,
    },
  );
}
