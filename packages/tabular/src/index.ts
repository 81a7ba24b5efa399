export { errors } from "./errors.ts";
export {
  DataProfiler,
  type DataProfileOptions,
  type DataProfilerOptions,
} from "./data-profiler.ts";
export {
  type CustomProfileConfig,
  Drifter,
  type DriftProfileConfig,
  type DrifterOptions,
  type PsiProfileConfig,
  type SpcProfileConfig,
} from "./drifter.ts";
export type { SpcAlertRule, SpcFeatureAlerts } from "./drift/generate-alerts.ts";
export type { OnNote, TableNote, TableRunOptions } from "./table-runner.ts";
export {
  type ColumnChoice,
  type FileFormat,
  openTable,
  type TableFile,
  type TableInput,
} from "./source/open-table.ts";
export type { LeftOutColumn, TableColumn, TableSource } from "./source/table-source.ts";
export type { ColumnTable, MatrixTable, RowTable } from "./memory/memory-table.ts";
export type { ArrowTable } from "./arrow/arrow-table.ts";
export { profileTable, type ProfileTableOptions } from "./profile/profile-table.ts";
export {
  type CreatedProfile,
  createPsiProfileOf,
  createSpcProfileOf,
} from "./drift/create-profile.ts";
export { chartTable, countTable, psiDriftMap, tallyOfTable } from "./drift/compute-drift.ts";
