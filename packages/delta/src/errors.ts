import { defineErrors } from "@scouter/contracts";

/** Every error of this package. */
export const errors = defineErrors({
  OBJECT_KEY_INVALID: {
    kind: "invalid",
    message: (p: { key: string; reason: string }) => `object key '${p.key}' ${p.reason}`,
    remedy:
      "give a relative key of at most 1024 bytes with '/' between non-empty segments, without '.' and '..'",
  },
  OBJECT_RANGE_INVALID: {
    kind: "invalid",
    message: (p: { key: string; start: number; end: number }) =>
      `range ${p.start} to ${p.end} of object '${p.key}' must be whole numbers of at least 0`,
    remedy: "give byte offsets; the end is exclusive",
  },
  OBJECT_STORE_FORBIDDEN: {
    kind: "forbidden",
    message: (p: { operation: string; key: string; reason: string }) =>
      `${p.operation} of object '${p.key}' was refused: ${p.reason}`,
    remedy: "let the account of this process read and write the storage folder",
  },
  OBJECT_STORE_UNAVAILABLE: {
    kind: "unavailable",
    message: (p: { operation: string; key: string; reason: string }) =>
      `${p.operation} of object '${p.key}' failed: ${p.reason}`,
    remedy: "retry; if it stays, check free space and health of the storage",
  },
  OBJECT_STORE_TIMEOUT: {
    kind: "timeout",
    message: (p: { operation: string; key: string; limitMs: number }) =>
      `${p.operation} of object '${p.key}' did not end within ${p.limitMs} ms`,
    remedy: "retry; if it stays, check the network to the storage and its load",
  },
  OBJECT_STORE_REFUSED: {
    kind: "invalid",
    message: (p: { operation: string; key: string; reason: string }) =>
      `${p.operation} of object '${p.key}' was not understood by the storage: ${p.reason}`,
    remedy: "check that the bucket or container exists, its region and the endpoint",
  },
  OBJECT_STORE_URI_INVALID: {
    kind: "invalid",
    message: (p: { uri: string; reason: string }) => `storage address '${p.uri}' ${p.reason}`,
    remedy:
      "give file:///folder, s3://bucket/folder, gs://bucket/folder, az://container/folder or memory:",
  },
  OBJECT_STORE_CREDENTIALS_MISSING: {
    kind: "unauthorized",
    message: (p: { store: string; reason: string }) => `no credentials for ${p.store}: ${p.reason}`,
    remedy: "set the vendor's standard environment variables, or give the machine an identity",
  },
  OBJECT_STORE_LIBRARY_MISSING: {
    kind: "invalid",
    message: (p: { store: string; library: string }) =>
      `${p.store} needs the library '${p.library}', which is not installed`,
    remedy: "install it, or install this package with its optional dependencies",
  },
  DELTA_TABLE_NOT_FOUND: {
    kind: "not-found",
    message: (p: { table: string }) => `no table at '${p.table}': its log has no commit`,
    remedy: "create the table first, or check the path",
  },
  DELTA_TABLE_EXISTS: {
    kind: "conflict",
    message: (p: { table: string }) => `a table exists at '${p.table}'`,
    remedy: "open it instead",
  },
  DELTA_PROTOCOL_UNSUPPORTED: {
    kind: "invalid",
    message: (p: { table: string; found: string }) =>
      `table '${p.table}' asks for ${p.found}; supported are reader version 1 and writer version 2 without features`,
    remedy: "use a table without these features, or drop them with the engine that added them",
  },
  DELTA_LOG_GAP: {
    kind: "internal",
    message: (p: { table: string; version: number }) =>
      `log of table '${p.table}' lacks version ${p.version} although a later one exists`,
    remedy: "restore the missing file of _delta_log, or a checkpoint at or after it",
  },
  DELTA_VERSION_NOT_FOUND: {
    kind: "not-found",
    message: (p: { table: string; version: number }) =>
      `table '${p.table}' has no version ${p.version}: it is newer than the log, or was cleaned up`,
    remedy: "ask for a newer version, or let 'delta.logRetentionDuration' keep the log for longer",
  },
  DELTA_CHECKPOINT_UNREADABLE: {
    kind: "internal",
    message: (p: { key: string; reason: string }) =>
      `checkpoint '${p.key}' cannot be read: ${p.reason}`,
    remedy: "restore the file from a backup; older versions of the table may still be readable",
  },
  DELTA_PROPERTY_INVALID: {
    kind: "invalid",
    message: (p: { name: string; value: string; allowed: string }) =>
      `table property '${p.name}' is '${p.value}': expected ${p.allowed}`,
    remedy: "set the property to an allowed value",
  },
  DELTA_RETENTION_TOO_SHORT: {
    kind: "invalid",
    message: (p: { retentionMs: number; leastMs: number }) =>
      `files would be deleted after ${p.retentionMs} ms: expected at least ${p.leastMs} ms, so that none is deleted that a writer is about to commit`,
    remedy: "set 'delta.deletedFileRetentionDuration' to a longer interval",
  },
  DELTA_COMMIT_TOO_OLD: {
    kind: "conflict",
    message: (p: { what: string; ageMs: number; limitMs: number }) =>
      `${p.what} is ${p.ageMs} ms old: expected at most ${p.limitMs} ms, since vacuum deletes old files that no commit names`,
    remedy: "write the files again and commit them at once",
  },
  DELTA_COMMIT_UNREADABLE: {
    kind: "internal",
    message: (p: { key: string; line: number; reason: string }) =>
      `commit file '${p.key}' is damaged at line ${p.line}: ${p.reason}`,
    remedy: "restore the file from a backup; do not edit or delete it by hand",
  },
  DELTA_ACTION_INVALID: {
    kind: "invalid",
    message: (p: { action: string; reason: string }) => `${p.action} action ${p.reason}`,
    remedy: "correct the action before committing",
  },
  DELTA_SCHEMA_INVALID: {
    kind: "invalid",
    message: (p: { where: string; reason: string }) => `schema at '${p.where}' ${p.reason}`,
    remedy: "use the primitive types, struct, array and map of Delta tables without features",
  },
  DELTA_CONFLICT_METADATA: {
    kind: "conflict",
    message: (p: { version: number; action: string }) =>
      `version ${p.version} changed the table's ${p.action} meanwhile`,
    remedy: "read the table again and redo the work against its new definition",
  },
  DELTA_CONFLICT_REMOVED: {
    kind: "conflict",
    message: (p: { version: number; path: string }) =>
      `file '${p.path}' is no longer in the table at version ${p.version}`,
    remedy: "read the table again and redo the work on its present files",
  },
  DELTA_CONFLICT_TRANSACTION: {
    kind: "conflict",
    message: (p: { appId: string; version: number; newest: number }) =>
      `transaction ${p.version} of application '${p.appId}' was refused: the table holds a commit of this application up to ${p.newest}`,
    remedy: "read the application's newest version from the table and drop the work it covers",
  },
  DELTA_COMMIT_CONTENTION: {
    kind: "busy",
    message: (p: { table: string; attempts: number }) =>
      `commit to table '${p.table}' lost against other writers ${p.attempts} times`,
    remedy: "retry later, or let fewer processes write to the table",
  },
  DELTA_COMMIT_UNCERTAIN: {
    kind: "unavailable",
    message: (p: { table: string; version: number }) =>
      `commit of version ${p.version} to table '${p.table}' may or may not have been stored`,
    remedy:
      "read the table again; commit once more only if the application's transaction is not in it",
  },
});
