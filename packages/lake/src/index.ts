export * from "./ingest-log/ingest-log.ts";
export type * from "./trace-lake.ts";
export type * from "./activity/trace-sighting.ts";
export { giveLakeId, lakeIdOf, type LakePlace } from "./lake-id.ts";
export type { RemoteLake } from "./table/data-files.ts";
export type { LakeTrial } from "./table/lake-trial.ts";
export { openTraceLake } from "./open-trace-lake.ts";
export type { TraceLakeOptions } from "./open-trace-lake.ts";
export type * from "./trace-lake-events.ts";
export { openFileIngestLog } from "./ingest-log/file-ingest-log.ts";
export * from "./traces/trace-queries.ts";
export * from "./genai/genai-queries.ts";
export type * from "./service-map/service-map-queries.ts";
export type * from "./maintenance/lake-maintenance.ts";
export type * from "./maintenance/maintenance-lease.ts";
export type * from "./maintenance/maintenance-settings.ts";
export type { MaintenanceRun } from "./maintenance/table-maintainer.ts";
export type * from "./archive/observation-archive.ts";
export {
  openObservationArchive,
  type ObservationArchiveOptions,
} from "./archive/open-observation-archive.ts";
