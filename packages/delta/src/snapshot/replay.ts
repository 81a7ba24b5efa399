import type {
  Action,
  AddFile,
  Protocol,
  RemoveFile,
  TableMetadata,
  TransactionMark,
} from "../action/action.ts";
import { decodeSchema } from "../schema/schema-json.ts";
import type { StructType } from "../schema/schema.ts";
import { LayeredMap } from "./layered-map.ts";
import type { Snapshot } from "./snapshot.ts";

/** One version of the log. */
export interface Commit {
  readonly version: number;
  readonly actions: readonly Action[];
}

/**
 * What the log says up to a version. Replay starts from `emptyTableState`; a checkpoint would be another start.
 * Files are keyed by their decoded path: the newest add or remove of a path decides.
 */
export interface TableState {
  readonly version: number;
  readonly protocol: Protocol | undefined;
  readonly metadata: TableMetadata | undefined;
  readonly files: LayeredMap<AddFile>;
  readonly tombstones: LayeredMap<RemoveFile>;
  readonly transactions: LayeredMap<TransactionMark>;
}

/** A table before its first commit. */
export const emptyTableState: TableState = {
  version: -1,
  protocol: undefined,
  metadata: undefined,
  files: LayeredMap.empty(),
  tombstones: LayeredMap.empty(),
  transactions: LayeredMap.empty(),
};

/** Applies commits in the given order, which must be that of their versions. Pure; `state` stays as it was. */
export function replay(state: TableState, commits: readonly Commit[]): TableState {
  let { version, protocol, metadata } = state;
  const files = new Map<string, AddFile | undefined>();
  const tombstones = new Map<string, RemoveFile | undefined>();
  const transactions = new Map<string, TransactionMark | undefined>();
  for (const commit of commits) {
    version = commit.version;
    for (const action of commit.actions) {
      if ("protocol" in action) protocol = action.protocol;
      else if ("metaData" in action) metadata = action.metaData;
      else if ("txn" in action) transactions.set(action.txn.appId, action.txn);
      else if ("add" in action) {
        files.set(action.add.path, action.add);
        tombstones.set(action.add.path, undefined);
      } else if ("remove" in action) {
        files.set(action.remove.path, undefined);
        tombstones.set(action.remove.path, action.remove);
      }
    }
  }
  return {
    version,
    protocol,
    metadata,
    files: state.files.with(files),
    tombstones: state.tombstones.with(tombstones),
    transactions: state.transactions.with(transactions),
  };
}

/** A snapshot of a state that has a protocol and metadata; lists are made when first asked for. */
export function snapshotOf(
  state: TableState,
  protocol: Protocol,
  metadata: TableMetadata,
  previous?: Snapshot,
): Snapshot {
  const schema =
    previous?.metadata === metadata ? previous.schema : decodeSchema(metadata.schemaString);
  return new ReplayedSnapshot(state, protocol, metadata, schema);
}

class ReplayedSnapshot implements Snapshot {
  readonly version: number;
  readonly protocol: Protocol;
  readonly metadata: TableMetadata;
  readonly schema: StructType;
  readonly #state: TableState;
  #files: readonly AddFile[] | undefined;

  constructor(state: TableState, protocol: Protocol, metadata: TableMetadata, schema: StructType) {
    this.#state = state;
    this.version = state.version;
    this.protocol = protocol;
    this.metadata = metadata;
    this.schema = schema;
  }

  files(): readonly AddFile[] {
    this.#files ??= Object.freeze(Array.from(this.#state.files.entries(), ([, file]) => file));
    return this.#files;
  }

  file(path: string): AddFile | undefined {
    return this.#state.files.get(path);
  }

  tombstones(): readonly RemoveFile[] {
    return Array.from(this.#state.tombstones.entries(), ([, tombstone]) => tombstone);
  }

  txn(appId: string): number | undefined {
    return this.#state.transactions.get(appId)?.version;
  }

  transactions(): ReadonlyMap<string, number> {
    const marks = Array.from(this.#state.transactions.entries());
    return new Map(marks.map(([appId, mark]) => [appId, mark.version]));
  }
}
