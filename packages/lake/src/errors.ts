import { defineErrors } from "@scouter/contracts";

/** What the lake (`LAKE_`) and its ingest log (`INGEST_`) report. */
export const errors = defineErrors({
  LAKE_BODY_TOO_LARGE: {
    kind: "too-large",
    message: (p: { limitBytes: number; encoding: string }) =>
      `the ${p.encoding} body inflates past ${p.limitBytes} bytes`,
    remedy:
      "send smaller batches (the exporter's batch size) or raise SCOUTER_MAX_INFLATED_BODY_MB",
  },
  LAKE_BODY_ENCODING_INVALID: {
    kind: "invalid",
    message: (p: { encoding: string; reason: string }) =>
      `the body is not valid ${p.encoding}: ${p.reason}`,
    remedy: "check that content-encoding names what was applied and that the body arrived whole",
  },
  LAKE_TOO_MANY_REJECTED: {
    kind: "invalid",
    message: (p: { rejected: number; limit: number; first: string }) =>
      `${p.rejected} spans of the request are invalid, at most ${p.limit} are refused one by one; the first: ${p.first}`,
    remedy: "mend the sender; nothing of this request was stored",
  },
  LAKE_BACKLOG_FULL: {
    kind: "busy",
    message: (p: { heldBytes: number; limitBytes: number }) =>
      `${p.heldBytes} bytes of accepted spans wait to be written, the limit is ${p.limitBytes}`,
    remedy: "retry after the pause given; if it lasts, the storage is slower than the load",
  },
  LAKE_WORKER_ENDED: {
    kind: "unavailable",
    message: (p: { reason: string }) => `the lake worker ended: ${p.reason}`,
    remedy: "restart the server; accepted spans are in the ingest log and are replayed at start",
  },
  LAKE_CLOSED: {
    kind: "unavailable",
    message: "the lake is closed",
    remedy: "send to a running server; the exporter retries by itself",
  },
  LAKE_FLUSH_FAILED: {
    kind: "unavailable",
    message: (p: { reason: string }) => `spans could not be committed to the lake: ${p.reason}`,
    remedy:
      "check that the lake's storage is reachable and has room; the spans are kept and retried",
  },
  LAKE_QUERY_FAILED: {
    kind: "internal",
    message: (p: { reason: string }) => `the lake query failed: ${p.reason}`,
  },
  LAKE_FILE_MISSING: {
    kind: "internal",
    message: (p: { file: string; found: number; sizeBytes: number }) =>
      `file '${p.file}' of the lake ends after ${p.found} bytes, or is missing: expected ${p.sizeBytes}`,
    remedy: "restore the file in the lake's storage; nothing but this program should delete there",
  },
  LAKE_QUERY_CANCELLED: {
    kind: "unavailable",
    message: "the lake query was cancelled by its caller",
    remedy: "ask again; nothing was changed",
  },
  LAKE_QUERY_TIMEOUT: {
    kind: "timeout",
    message: (p: { limitMs: number }) =>
      `the lake query took longer than ${p.limitMs / 1000} s and was ended`,
    remedy: "ask for a shorter range or with a narrower filter; nothing was changed",
  },
  LAKE_HORIZON_TOO_SHORT: {
    kind: "invalid",
    message: (p: {
      table: string;
      property: string;
      givenMs: number;
      leastMs: number;
      refreshIntervalMs: number;
    }) =>
      `table '${p.table}' keeps what ${p.property} says for ${p.givenMs / 1000} s: expected at least ${p.leastMs / 1000} s, as reads here may use what was current ${(2 * p.refreshIntervalMs) / 1000} s before they begin`,
    remedy:
      "set that table property to a longer time, or SCOUTER_TRACE_REFRESH_INTERVAL_SECS to a shorter one",
  },
  LAKE_MAINTENANCE_FAILED: {
    kind: "unavailable",
    message: (p: { reason: string }) => `maintenance of the lake failed: ${p.reason}`,
    remedy:
      "check storage, free space and memory; nothing was changed, and it is tried again by itself",
  },
  LAKE_ID_UNREADABLE: {
    kind: "unavailable",
    message: (p: { file: string; reason: string }) =>
      `the lake's mark '${p.file}' could not be read or written: ${p.reason}`,
    remedy: "check that the folder is the lake's and that this process may read and write it",
  },
  LAKE_STORE_UNCONDITIONAL: {
    kind: "invalid",
    message: (p: { uri: string }) =>
      `the store of '${p.uri}' replaced an object that a put was not to replace: two processes would overwrite each other's commits`,
    remedy:
      "take a store that honours conditional puts ('If-None-Match: *'), or a newer version of this one",
  },

  INGEST_LOG_CLOSED: {
    kind: "unavailable",
    message: "the ingest log is closed",
    remedy: "send the request again; the server is stopping",
  },
  INGEST_OWNER_CLOSED: {
    kind: "unavailable",
    message: (p: { owner: string }) => `owner '${p.owner}' was adopted by another process`,
    remedy: "open the log again under a new owner and retry",
  },
  INGEST_OWNER_REUSED: {
    kind: "conflict",
    message: (p: { owner: string }) => `owner '${p.owner}' has a log already`,
    remedy: "open the log under a fresh UUIDv7; an owner is never used twice",
  },
  INGEST_OWNER_INVALID: {
    kind: "invalid",
    message: (p: { owner: string }) => `owner '${p.owner}' is not a UUID in lower case`,
    remedy: "give a fresh UUIDv7",
  },
  INGEST_OWNER_NOT_ADOPTED: {
    kind: "conflict",
    message: (p: { owner: string }) => `owner '${p.owner}' is not adopted by this process`,
    remedy: "adopt the owner before releasing its entries",
  },
  INGEST_ENTRY_INVALID: {
    kind: "invalid",
    message: (p: { field: string; given: string; allowed: string }) =>
      `${p.field} of the ingest entry is ${p.given}: expected ${p.allowed}`,
    remedy: "correct the entry; nothing was stored",
  },
  INGEST_WRITE_FAILED: {
    kind: "unavailable",
    message: (p: { path: string; reason: string }) =>
      `ingest log segment '${p.path}' could not be written: ${p.reason}`,
    remedy: "send the request again; if it stays, check free space and health of the disk",
  },
  INGEST_STORAGE_FAILED: {
    kind: "unavailable",
    message: (p: { path: string; reason: string }) =>
      `ingest log '${p.path}' could not be used: ${p.reason}`,
    remedy: "check that the folder exists and that this process may read and write it",
  },
});
