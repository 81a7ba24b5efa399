import { nullable, required, structOf } from "@scouter/delta";
import type { ArchiveTable } from "./archive-table.ts";

export const OBSERVATION_TABLE: ArchiveTable = {
  name: "observation_archive",
  schema: structOf([
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
  ]),
  partitionColumns: ["kind", "day"],
  columns: `{profile_uid: 'VARCHAR', series: 'VARCHAR', received_at: 'TIMESTAMPTZ',
    created_at: 'TIMESTAMPTZ', position: 'INTEGER', value: 'DOUBLE', bin_id: 'INTEGER', bin_count: 'BIGINT'}`,
  order: "profile_uid, series, created_at",
  timestamps: ["created_at", "received_at"],
  texts: ["profile_uid"],
};
