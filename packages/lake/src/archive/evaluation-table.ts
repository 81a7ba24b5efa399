import { arrayOf, nullable, required, structOf, type DataType } from "@scouter/delta";
import type { ArchiveTable } from "./archive-table.ts";

/** Each column with its type in Delta and in DuckDB. */
const TYPES = {
  string: "VARCHAR",
  timestamp: "TIMESTAMPTZ",
  integer: "INTEGER",
  long: "BIGINT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
} as const;
type Columns = Readonly<Record<string, keyof typeof TYPES>>;

const TASK: Columns = {
  task_id: "string",
  created_at: "timestamp",
  start_time: "timestamp",
  end_time: "timestamp",
  task_type: "string",
  passed: "boolean",
  value: "double",
  assertion: "string",
  operator: "string",
  expected: "string",
  actual: "string",
  message: "string",
  condition: "boolean",
  stage: "integer",
  outcome: "string",
  skipped_by: "string",
  error_code: "string",
  judge: "string",
};

/** Of every record. */
const RECORD: Columns = {
  profile_uid: "string",
  space: "string",
  uid: "string",
  record_id: "string",
  session_id: "string",
  created_at: "timestamp",
  received_at: "timestamp",
  ended_at: "timestamp",
  status: "string",
  attempts: "integer",
  revision: "integer",
  record_source: "string",
  entity_type: "string",
  tags: "string",
  context: "string",
};

/** Of some: a record that was discarded has mostly no result. */
const RESULT: Columns = {
  trace_id: "string",
  last_error: "string",
  evaluated_at: "timestamp",
  result_created_at: "timestamp",
  total_tasks: "integer",
  passed_tasks: "integer",
  failed_tasks: "integer",
  errored_tasks: "integer",
  skipped_tasks: "integer",
  pass_rate: "double",
  duration_ms: "long",
  execution_plan: "string",
};

const tasks: DataType = arrayOf(
  structOf(Object.entries(TASK).map(([name, type]) => nullable(name, type))),
);

export const EVALUATION_TABLE: ArchiveTable = {
  name: "evaluation_archive",
  schema: structOf([
    required("day", "date"),
    required("part", "integer"),
    ...Object.entries(RECORD).map(([name, type]) => required(name, type)),
    ...Object.entries(RESULT).map(([name, type]) => nullable(name, type)),
    nullable("tasks", tasks),
  ]),
  partitionColumns: ["day", "part"],
  columns: `{${engineTypes(RECORD, ": ")}, ${engineTypes(RESULT, ": ")},
    tasks: 'STRUCT(${engineTypes(TASK, " ")})[]'}`,
  order: "profile_uid, evaluated_at",
  timestamps: ["received_at", "ended_at", "evaluated_at", "result_created_at"],
  texts: ["profile_uid"],
};

function engineTypes(columns: Columns, between: ": " | " "): string {
  const quote = between === ": " ? "'" : "";
  return Object.entries(columns)
    .map(([name, type]) => `"${name}"${between}${quote}${TYPES[type]}${quote}`)
    .join(", ");
}
