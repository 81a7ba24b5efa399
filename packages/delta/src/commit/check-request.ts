import type { AddFile, TableMetadata } from "../action/action.ts";
import { encodePath } from "../action/path-encoding.ts";
import { errors } from "../errors.ts";
import { checkSchema, decodeSchema } from "../schema/schema-json.ts";
import { checkEvolution } from "../schema/schema-evolution.ts";
import { tableProperties } from "../table-property.ts";
import type { CommitRequest, DataAction } from "./commit-request.ts";
import { isAppendOnly, requireSupported } from "./protocol-support.ts";

/** Throws for actions that would damage the table; `metadata` is the table's present definition. */
export function checkRequest(table: string, request: CommitRequest, metadata: TableMetadata): void {
  const { txn } = request;
  if (txn) requireWhole("txn", "version", txn.version);
  const definition = request.actions.find((action) => "metaData" in action)?.metaData ?? metadata;
  if (definition.id !== metadata.id) refuse("metaData", "changes the table's id");
  if (definition !== metadata) checkDefinition(definition, metadata);
  const paths = new Set<string>();
  for (const action of request.actions) {
    if ("protocol" in action) requireSupported(table, action.protocol);
    if ("add" in action) checkAdd(action.add, definition);
    if ("remove" in action) checkRemove(action.remove, definition);
    checkPath(action, paths);
  }
}

/** A table's definition may change in what files written before do not know of. */
function checkDefinition(definition: TableMetadata, before: TableMetadata): void {
  const schema = decodeSchema(definition.schemaString);
  checkSchema(schema);
  checkEvolution(decodeSchema(before.schemaString), schema);
  if (definition.partitionColumns.join("\0") !== before.partitionColumns.join("\0")) {
    refuse("metaData", "changes the partition columns");
  }
  tableProperties(definition);
}

function checkAdd(add: AddFile, metadata: TableMetadata): void {
  requireWhole("add", "size", add.size);
  requireWhole("add", "modificationTime", add.modificationTime);
  const given = Object.keys(add.partitionValues).sort().join(", ");
  const expected = [...metadata.partitionColumns].sort().join(", ");
  if (given !== expected) {
    refuse(
      "add",
      `of '${add.path}' has values for the partition columns (${given}): expected (${expected})`,
    );
  }
}

function checkRemove(
  remove: {
    readonly path: string;
    readonly dataChange: boolean;
    readonly deletionTimestamp: number;
  },
  metadata: TableMetadata,
): void {
  requireWhole("remove", "deletionTimestamp", remove.deletionTimestamp);
  if (remove.dataChange && isAppendOnly(metadata)) {
    refuse("remove", `of '${remove.path}' deletes rows of a table that is append-only`);
  }
}

/** One commit may name a path once: replay could not tell which action comes last. */
function checkPath(action: DataAction, paths: Set<string>): void {
  const name = "add" in action ? "add" : "remove";
  const path = "add" in action ? action.add.path : "remove" in action && action.remove.path;
  if (path === false) return;
  encodePath(path);
  if (paths.has(path)) refuse(name, `names '${path}', which this commit names before`);
  paths.add(path);
}

function requireWhole(action: string, field: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    refuse(action, `has ${field} ${value}: expected a whole number of at least 0`);
  }
}

function refuse(action: string, reason: string): never {
  throw errors.DELTA_ACTION_INVALID({ action, reason });
}
