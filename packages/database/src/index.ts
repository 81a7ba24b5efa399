// Public entry.
export type { Database, DatabaseCapabilities } from "./database.ts";
export { openPglite, type PgliteOptions } from "./open-pglite.ts";
export { keepGenericWasmWrappers } from "./driver/pglite/wasm-wrappers.ts";
export { openPostgres, type PostgresOptions } from "./open-postgres.ts";
export {
  openPostgresIngestLog,
  type PostgresIngestLogOptions,
} from "./ingest-log/postgres-ingest-log.ts";
export * from "./profile/profile-repository.ts";
export * from "./eval-record/eval-record-repository.ts";
export * from "./judge-spend/judge-spend-repository.ts";
export * from "./observation/observation-repository.ts";
export type * from "./observation/observation-day-repository.ts";
export * from "./received-message/message-repository.ts";
export * from "./producer/producer-repository.ts";
export * from "./parked-message/parked-message-repository.ts";
export * from "./eval-run/eval-run-repository.ts";
export * from "./eval-scenario/eval-scenario-repository.ts";
export * from "./tag/tag-repository.ts";
export * from "./trace-activity/trace-activity-repository.ts";
export * from "./trace-baggage/trace-baggage-repository.ts";
export * from "./drift-window/drift-window-repository.ts";
export * from "./alert/alert-repository.ts";
export * from "./drift-board/drift-board-repository.ts";
export type * from "./evaluation-day/evaluation-day-repository.ts";
export * from "./evaluation/evaluation-repository.ts";
export * from "./overview/overview-repository.ts";
export type { BucketedPeriod, Period } from "./session/period.ts";
export type { SpaceScope } from "./session/space-scope.ts";
export * from "./alert/alert-list.ts";
export * from "./alert/alert-outbox-repository.ts";
export type * from "./built-in-alert/built-in-alert-repository.ts";
export * from "./lease/lease-repository.ts";
export * from "./dead-letter/ingest-dead-letter-repository.ts";
export * from "./setting/setting-repository.ts";
export * from "./user/user-repository.ts";
export { makeStorable, type Storable } from "./storable/make-storable.ts";
