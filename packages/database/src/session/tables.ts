import type { Generated } from "kysely";

/** Columns that repositories reach through the query builder; the others are only touched by their own SQL. */
export interface Tables {
  tag: TagTable;
  setting: SettingTable;
  ingest_dead_letter: IngestDeadLetterTable;
}

interface TagTable {
  entity_type: string;
  entity_id: string;
  key: string;
  value: string;
}

interface SettingTable {
  key: string;
  value: string;
}

interface IngestDeadLetterTable {
  id: Generated<number>;
  owner: string;
  sequence: number;
  reason: string;
  format: string | null;
}
