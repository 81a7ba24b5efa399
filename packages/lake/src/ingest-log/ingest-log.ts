/**
 * Accepted requests that are not yet committed to the lake. A request is acknowledged only after `append` resolved,
 * so what was acknowledged can always be replayed.
 *
 * Words: an *owner* is one process start, a fresh UUIDv7 that is never used again. An *entry* is one accepted export
 * request. Entries of an owner are numbered 1, 2, 3 ... by its appender, without gaps. A log that several processes
 * share gives every owner a *lease* that its process renews; a lease that ran out tells that the process has ended, or
 * has stood still for too long.
 *
 * Contract, the same for every adapter (suite: `@scouter/testkit` `ingestLogContract`):
 * - `append` resolves when the entry is durable (as far as `capabilities.durability` says), with its sequence number.
 *   Calls may overlap; numbers follow the order of the calls, and promises resolve in that order. When it rejects,
 *   the entry was not acknowledged: it either never becomes readable or is replayed at most once.
 * - Digests are unique over all owners for `digestTtlMs` (15 min) after the append, across restarts and releases. A
 *   repeat is not stored again: it resolves with `duplicate: true`, the first entry's owner and sequence, and the
 *   `rejected` list stored with it, once the first is durable (a repeat of an append in flight waits for it).
 * - `read` yields an owner's entries with sequence > `afterSequence` in order, each once. A damaged tail (a torn last
 *   write) ends the log silently: it was never acknowledged. Damage elsewhere yields `{ damaged }` in its place.
 * - `release(owner, through)` says that entries up to `through` (inclusive) are in every table; they may be dropped
 *   from then on. Releasing twice, or below an earlier mark, is allowed and does nothing.
 * - `adoptable` lists the owners of ended processes that still hold entries: in a shared log those whose lease ran out,
 *   and those that this process adopted and has not released. `adopt` closes such an owner for good: an `append` under
 *   it rejects with `INGEST_OWNER_CLOSED` from then on. Whoever appended under it opens the log again, as a new owner.
 * - After `close`, calls reject; `close` waits for appends under way.
 */
export interface IngestLog {
  readonly capabilities: IngestLogCapabilities;
  /** The owner under which this process appends. */
  readonly owner: string;
  append(entry: NewIngestEntry): Promise<AppendResult>;
  read(owner: string, afterSequence: number): AsyncIterable<StoredIngestEntry>;
  release(owner: string, throughSequence: number): Promise<void>;
  adoptable(): Promise<readonly string[]>;
  /** False when there is nothing to replay here: the owner is unknown, or another process adopted it and works on it. */
  adopt(owner: string): Promise<boolean>;
  /** Bytes held for entries that are not released. */
  heldBytes(): number;
  close(): Promise<void>;
}

export interface IngestLogCapabilities {
  /** What an acknowledged entry survives. */
  readonly durability: "process" | "power";
  /** Whether several processes may append to one log, each as its own owner. */
  readonly shared: boolean;
}

/** How the payload of an entry is to be decoded. */
export type PayloadFormat = "otlp-protobuf" | "otlp-json" | "message-json";

export interface RejectedSpan {
  /** Position of the span in the request, counted from 0 over all resources and scopes. */
  readonly index: number;
  readonly code: string;
  readonly reason: string;
}

export interface NewIngestEntry {
  readonly format: PayloadFormat;
  /** The request's bytes after content decoding, zstd-compressed. Not kept or changed after the call. */
  readonly payload: Uint8Array;
  /** SHA-1 of the body as received (before content decoding), 20 bytes. */
  readonly digest: Uint8Array;
  /** When the server received it, milliseconds since the epoch: rules of partitioning replay the same. */
  readonly receivedAt: number;
  readonly rejected: readonly RejectedSpan[];
}

export interface AppendResult {
  readonly owner: string;
  readonly sequence: number;
  readonly duplicate: boolean;
  readonly rejected: readonly RejectedSpan[];
}

export type StoredIngestEntry =
  | (NewIngestEntry & { readonly sequence: number; readonly damaged?: undefined })
  | { readonly damaged: { readonly position: string; readonly reason: string } };

export const DIGEST_TTL_MS = 15 * 60_000;
