// Public entry.
export type * from "./object-store/object-store.ts";
export { MemoryObjectStore } from "./object-store/memory-object-store.ts";
export {
  LocalObjectStore,
  type LocalObjectStoreOptions,
  openLocalObjectStore,
} from "./object-store/local-object-store.ts";
export type * from "./action/action.ts";
export * from "./schema/schema.ts";
export type * from "./snapshot/snapshot.ts";
export type * from "./commit/commit-request.ts";
export { DeltaTable, type DeltaTableOptions, type TableDefinition } from "./delta-table.ts";
export { errors as deltaErrors } from "./errors.ts";
