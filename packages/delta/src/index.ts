// Public entry.
export type * from "./object-store/object-store.ts";
export { MemoryObjectStore } from "./object-store/memory-object-store.ts";
export {
  LocalObjectStore,
  type LocalObjectStoreOptions,
  openLocalObjectStore,
} from "./object-store/local-object-store.ts";
export {
  CountingObjectStore,
  type ObjectCallCounts,
} from "./object-store/counting-object-store.ts";
export {
  type Fault,
  FaultInjectingObjectStore,
  type FaultPlan,
  type ObjectCall,
  type ObjectOperation,
} from "./object-store/fault-injecting-object-store.ts";
export { type S3ObjectStoreOptions, openS3ObjectStore } from "./object-store/s3-object-store.ts";
export {
  GcsObjectStore,
  type GcsObjectStoreOptions,
  openGcsObjectStore,
} from "./object-store/gcs-object-store.ts";
export type { StoreRequest } from "./object-store/http-request.ts";
export {
  AzureObjectStore,
  type AzureObjectStoreOptions,
} from "./object-store/azure-object-store.ts";
export {
  type AzureAuthorization,
  sasAuthorization,
  sharedKeyAuthorization,
  tokenAuthorization,
} from "./object-store/azure-authorization.ts";
export { RetryingObjectStore, type RetryOptions } from "./object-store/retrying-object-store.ts";
export { PrefixObjectStore } from "./object-store/prefix-object-store.ts";
export {
  type OpenObjectStoreOptions,
  type RemoteStoreAddress,
  type StoreAddress,
  openObjectStore,
  parseStoreUri,
} from "./object-store/open-object-store.ts";
export { type StoreEnvironment, storeEnvironmentOf } from "./object-store/store-environment.ts";
export { checkObjectKey, compareKeys } from "./object-store/object-key.ts";
export type * from "./action/action.ts";
export * from "./action/file-statistics.ts";
export * from "./action/partition-value.ts";
export * from "./schema/schema.ts";
export { decodeSchema, encodeSchema } from "./schema/schema-json.ts";
export type * from "./snapshot/snapshot.ts";
export type * from "./commit/commit-request.ts";
export { TransactionConflict, isTransactionConflict } from "./commit/transaction-conflict.ts";
export { DeltaTable, type DeltaTableOptions, type TableDefinition } from "./delta-table.ts";
export { type TableProperties, tableProperties } from "./table-property.ts";
export type { LogCleaning } from "./log/clean-log.ts";
export type { VacuumPlan } from "./vacuum/vacuum.ts";
export { errors as deltaErrors } from "./errors.ts";
