export * from "./ingest-log/ingest-log.ts";
export type * from "./trace-lake.ts";
