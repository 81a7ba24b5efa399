export * from "./ingest-log/ingest-log.ts";
export type * from "./trace-lake.ts";
export { giveLakeId, lakeIdOf, type LakePlace } from "./lake-id.ts";
export type { RemoteLake } from "./table/data-files.ts";
export { openTraceLake } from "./open-trace-lake.ts";
export type { TraceLakeOptions } from "./open-trace-lake.ts";
export type * from "./trace-lake-events.ts";
export { openFileIngestLog } from "./ingest-log/file-ingest-log.ts";
export * from "./traces/trace-queries.ts";
