import type { AddFile, Protocol, RemoveFile, TableMetadata } from "../action/action.ts";
import type { StructType } from "../schema/schema.ts";

/** A table at one version. Immutable: a later commit makes another snapshot and leaves this one as it is. */
export interface Snapshot {
  readonly version: number;
  readonly protocol: Protocol;
  readonly metadata: TableMetadata;
  readonly schema: StructType;
  /** The live files, in no particular order. */
  files(): readonly AddFile[];
  /** The live file with this decoded, relative path. */
  file(path: string): AddFile | undefined;
  /** Files that were removed and not added again, for checkpoints and vacuum. */
  tombstones(): readonly RemoveFile[];
  /** The newest transaction version of an application; undefined when it never committed. */
  txn(appId: string): number | undefined;
  transactions(): ReadonlyMap<string, number>;
}
