export * from "./ingest-log/ingest-log.ts";
export type * from "./trace-lake.ts";
export { openTraceLake } from "./open-trace-lake.ts";
export type { DeadLetter, TraceLakeEvents, TraceLakeOptions } from "./open-trace-lake.ts";
export { openFileIngestLog } from "./ingest-log/file-ingest-log.ts";
