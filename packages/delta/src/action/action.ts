/**
 * The actions of a Delta log as plain data. Paths are decoded and relative to the table's folder; the JSON form with
 * its URL-encoded paths is made by `action-json.ts`. Sizes are bytes, times are milliseconds since the Unix epoch.
 */
export type Action =
  | { readonly protocol: Protocol }
  | { readonly metaData: TableMetadata }
  | { readonly add: AddFile }
  | { readonly remove: RemoveFile }
  | { readonly txn: TransactionMark }
  | { readonly commitInfo: CommitInfo };

/** What a reader and a writer must understand. The feature lists are absent below reader 3 / writer 7. */
export interface Protocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly readerFeatures?: readonly string[];
  readonly writerFeatures?: readonly string[];
}

export interface TableMetadata {
  /** A UUID; never changes. */
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  /** JSON of the table's struct type; see `schema-json.ts`. */
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly createdTime?: number;
}

/** Values of the partition columns in their text form; `null` is SQL null. */
export type PartitionValues = Readonly<Record<string, string | null>>;

export interface AddFile {
  readonly path: string;
  readonly partitionValues: PartitionValues;
  readonly size: number;
  readonly modificationTime: number;
  /** False when the rows were in the table before, as after compaction. */
  readonly dataChange: boolean;
  /** JSON text; see `file-statistics.ts`. */
  readonly stats?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface RemoveFile {
  readonly path: string;
  readonly deletionTimestamp: number;
  readonly dataChange: boolean;
  /** True when the three fields below are present. */
  readonly extendedFileMetadata?: boolean;
  readonly partitionValues?: PartitionValues;
  readonly size?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** "Everything of application `appId` up to `version` (inclusive) is in the table." */
export interface TransactionMark {
  readonly appId: string;
  readonly version: number;
  readonly lastUpdated?: number;
}

export interface CommitInfo {
  readonly timestamp?: number;
  readonly operation?: string;
  readonly operationParameters?: Readonly<Record<string, unknown>>;
  readonly readVersion?: number;
  readonly isBlindAppend?: boolean;
  /** Made by the writer for this one commit, so that it can recognise its own commit after a lost reply. */
  readonly txnId?: string;
  readonly engineInfo?: string;
}
