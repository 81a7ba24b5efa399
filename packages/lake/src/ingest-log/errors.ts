import { defineErrors } from "@scouter/contracts";

/** Every error of the ingest log. */
export const ingestErrors = defineErrors({
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
