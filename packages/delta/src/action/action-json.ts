import { errors } from "../errors.ts";
import type {
  Action,
  AddFile,
  CommitInfo,
  Protocol,
  RemoveFile,
  TableMetadata,
  TransactionMark,
} from "./action.ts";
import { JsonFields, MalformedField, isRecord } from "./json-fields.ts";
import { decodePath, encodePath } from "./path-encoding.ts";

/** Content of a commit file: one action as JSON on each line. */
export function encodeCommit(actions: readonly Action[]): Uint8Array {
  return Buffer.from(actions.map((action) => `${JSON.stringify(jsonOfAction(action))}\n`).join(""));
}

/** The action as its line in a commit file holds it. */
export function jsonOfAction(action: Action): unknown {
  if ("add" in action) return { add: { ...action.add, path: encodePath(action.add.path) } };
  if ("remove" in action) {
    return { remove: { ...action.remove, path: encodePath(action.remove.path) } };
  }
  if ("metaData" in action) {
    return { metaData: { ...action.metaData, format: { provider: "parquet", options: {} } } };
  }
  return action;
}

/**
 * Reads a commit file. Throws `DELTA_COMMIT_UNREADABLE` for an empty file and for any line that is not an action in
 * full, as a half-written file would be. Kinds of action we do not know are skipped, as the protocol asks of readers.
 */
export function decodeCommit(key: string, bytes: Uint8Array): readonly Action[] {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString()
    .split("\n");
  const actions: Action[] = [];
  let filledLines = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    filledLines++;
    const action = decodeLine(key, index + 1, line);
    if (action) actions.push(action);
  }
  if (filledLines === 0) {
    throw errors.DELTA_COMMIT_UNREADABLE({ key, line: 1, reason: "the file is empty" });
  }
  return actions;
}

function decodeLine(key: string, line: number, text: string): Action | undefined {
  try {
    return actionOfJson(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof MalformedField || error instanceof SyntaxError)) throw error;
    throw errors.DELTA_COMMIT_UNREADABLE({ key, line, reason: error.message }, { cause: error });
  }
}

/** Undefined for a kind of action we do not know; throws `MalformedField`. */
export function actionOfJson(value: unknown): Action | undefined {
  if (!isRecord(value)) throw new MalformedField("the line is not an object");
  const has = (name: string) => value[name] !== undefined && value[name] !== null;
  if (has("add")) return { add: addOf(new JsonFields("add", value.add)) };
  if (has("remove")) return { remove: removeOf(new JsonFields("remove", value.remove)) };
  if (has("txn")) return { txn: txnOf(new JsonFields("txn", value.txn)) };
  if (has("commitInfo")) {
    return { commitInfo: commitInfoOf(new JsonFields("commitInfo", value.commitInfo)) };
  }
  if (has("metaData")) return { metaData: metadataOf(new JsonFields("metaData", value.metaData)) };
  if (has("protocol")) return { protocol: protocolOf(new JsonFields("protocol", value.protocol)) };
  return undefined;
}

function addOf(fields: JsonFields): AddFile {
  if (fields.has("deletionVector")) {
    throw new MalformedField("add.deletionVector is not supported");
  }
  return defined({
    path: pathOf(fields, "add"),
    partitionValues: fields.optionalTextMap("partitionValues", true) ?? {},
    size: fields.long("size"),
    modificationTime: fields.long("modificationTime"),
    dataChange: fields.flag("dataChange"),
    stats: fields.optionalText("stats"),
    tags: textMap(fields, "tags"),
  });
}

function removeOf(fields: JsonFields): RemoveFile {
  return defined({
    path: pathOf(fields, "remove"),
    // Optional in the format: a tombstone of unknown age counts as the oldest.
    deletionTimestamp: fields.optionalLong("deletionTimestamp") ?? 0,
    dataChange: fields.flag("dataChange"),
    extendedFileMetadata: fields.optionalFlag("extendedFileMetadata"),
    partitionValues: fields.optionalTextMap("partitionValues", true),
    size: fields.optionalLong("size"),
    tags: textMap(fields, "tags"),
  });
}

function txnOf(fields: JsonFields): TransactionMark {
  return defined({
    appId: fields.text("appId"),
    version: fields.long("version"),
    lastUpdated: fields.optionalLong("lastUpdated"),
  });
}

function commitInfoOf(fields: JsonFields): CommitInfo {
  return defined({
    timestamp: fields.optionalLong("timestamp"),
    operation: fields.optionalText("operation"),
    operationParameters: fields.optionalObject("operationParameters"),
    readVersion: fields.optionalLong("readVersion"),
    isBlindAppend: fields.optionalFlag("isBlindAppend"),
    txnId: fields.optionalText("txnId"),
    engineInfo: fields.optionalText("engineInfo"),
  });
}

function metadataOf(fields: JsonFields): TableMetadata {
  const format = fields.optionalObject("format");
  if (format !== undefined && format.provider !== "parquet") {
    throw new MalformedField(`metaData.format is '${String(format.provider)}', not 'parquet'`);
  }
  return defined({
    id: fields.text("id"),
    name: fields.optionalText("name"),
    description: fields.optionalText("description"),
    schemaString: fields.text("schemaString"),
    partitionColumns: fields.optionalTexts("partitionColumns") ?? [],
    configuration: textMap(fields, "configuration") ?? {},
    createdTime: fields.optionalLong("createdTime"),
  });
}

function protocolOf(fields: JsonFields): Protocol {
  return defined({
    minReaderVersion: fields.long("minReaderVersion"),
    minWriterVersion: fields.long("minWriterVersion"),
    readerFeatures: fields.optionalTexts("readerFeatures"),
    writerFeatures: fields.optionalTexts("writerFeatures"),
  });
}

function pathOf(fields: JsonFields, action: string): string {
  const encoded = fields.text("path");
  const path = decodePath(encoded);
  if (path === undefined) {
    throw new MalformedField(`${action}.path '${encoded}' is not a relative, URL-encoded path`);
  }
  return path;
}

function textMap(fields: JsonFields, field: string): Readonly<Record<string, string>> | undefined {
  return fields.optionalTextMap(field, false) as Readonly<Record<string, string>> | undefined;
}

type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** The same object without the fields that are undefined. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}
