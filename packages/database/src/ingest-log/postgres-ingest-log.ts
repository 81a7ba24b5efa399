import type { Clock } from "@scouter/contracts";
import {
  type AppendResult,
  checkEntry,
  DIGEST_TTL_MS,
  digestKey,
  HeldBytes,
  type IngestLog,
  type IngestLogCapabilities,
  ingestLogErrors,
  type NewIngestEntry,
  requireOwner,
  type StoredIngestEntry,
} from "@scouter/lake/ingest-log";
import type { Pool } from "pg";
import { clientConfig, createPool } from "../driver/pg/pool.ts";
import { translateError } from "../driver/translate-error.ts";
import { readEntries, rotateEntryTables } from "./entry-tables.ts";
import { GroupAppender } from "./group-appender.ts";
import { OwnerTable } from "./owner-table.ts";

export interface PostgresIngestLogOptions {
  /** A database that `openPostgres` has brought up to date. */
  readonly uri: string;
  /** This process start: a fresh UUIDv7 in lower case. */
  readonly owner: string;
  readonly clock: Clock;
  /** How long this process may stand still before others take over its entries; renewed three times in that time. */
  readonly leaseMs: number;
  readonly connectTimeoutMs?: number;
  /** Entry tables take turns at this size; 16 MB by default. */
  readonly rotateBytes?: number;
  /** Told of connections that were lost and of leases that could not be renewed, for the log. */
  readonly onConnectionLost?: (error: unknown) => void;
}

const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;
const DEFAULT_ROTATE_BYTES = 16 << 20;
/** Beside the appender's connection: one for leases, one for a replay. */
const SIDE_CONNECTIONS = 2;
const TIDY_INTERVAL_MS = 5_000;

/**
 * Opens the log on PostgreSQL under a new owner, with a lease from now on.
 *
 * @throws INGEST_OWNER_INVALID, INGEST_OWNER_REUSED, or `DATABASE_*` when the server does not answer
 */
export async function openPostgresIngestLog(
  options: PostgresIngestLogOptions,
): Promise<PostgresIngestLog> {
  const log = new PostgresIngestLog(options);
  await log.start();
  return log;
}

/**
 * The log that processes share. This class knows what is held, in flight and open; appending is the business of
 * `GroupAppender`, leases of `OwnerTable`, payloads of `entry-tables.ts`.
 */
export class PostgresIngestLog implements IngestLog {
  readonly owner: string;
  readonly #options: PostgresIngestLogOptions;
  readonly #pool: Pool;
  readonly #owners: OwnerTable;
  readonly #appender: GroupAppender;
  readonly #inFlight = new Map<string, Promise<AppendResult>>();
  readonly #held = new HeldBytes();
  readonly #adopted = new Set<string>();
  /** Bytes of ended owners' entries, as far as known. */
  #endedBytes = new Map<string, number>();
  readonly #ending = new AbortController();
  #leaseLoop: Promise<void> = Promise.resolve();
  #durability: IngestLogCapabilities["durability"] = "process";
  #tidiedAtMs = -TIDY_INTERVAL_MS;
  #closing: Promise<void> | undefined;

  constructor(options: PostgresIngestLogOptions) {
    requireOwner(options.owner);
    const { uri, owner, clock, leaseMs, onConnectionLost = () => undefined } = options;
    const connectTimeoutMs = options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
    this.owner = owner;
    this.#options = options;
    this.#pool = createPool({ uri, connectTimeoutMs, max: SIDE_CONNECTIONS });
    this.#pool.on("error", onConnectionLost);
    this.#owners = new OwnerTable({ pool: this.#pool, owner, leaseMs });
    const config = clientConfig({ uri, connectTimeoutMs });
    this.#appender = new GroupAppender({ config, owner, clock, leaseMs, onConnectionLost });
  }

  get capabilities(): IngestLogCapabilities {
    return { durability: this.#durability, shared: true };
  }

  /** Call once, before anything else. */
  async start(): Promise<void> {
    try {
      this.#durability = await durabilityOf(this.#pool);
      if (!(await this.#owners.register())) {
        throw ingestLogErrors.INGEST_OWNER_REUSED({ owner: this.owner });
      }
      this.#endedBytes = new Map(await this.#owners.adoptable());
    } catch (error) {
      await this.#pool.end();
      throw translateError(error);
    }
    this.#leaseLoop = this.#keepLease();
  }

  append(entry: NewIngestEntry): Promise<AppendResult> {
    if (this.#closing) return Promise.reject(ingestLogErrors.INGEST_LOG_CLOSED({}));
    try {
      checkEntry(entry);
    } catch (error) {
      return Promise.reject(error);
    }
    const key = digestKey(entry.digest);
    const first = this.#inFlight.get(key);
    if (first) return first.then((result) => ({ ...result, duplicate: true }));
    const result = this.#append(entry).finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, result);
    return result;
  }

  async *read(owner: string, afterSequence: number): AsyncGenerator<StoredIngestEntry, void> {
    this.#requireOpen();
    requireOwner(owner);
    try {
      yield* readEntries(this.#pool, owner, afterSequence);
    } catch (error) {
      throw translateError(error);
    }
  }

  async release(owner: string, throughSequence: number): Promise<void> {
    await this.#run(owner, async () => {
      await this.#requireAdopted(owner);
      const bytes = await this.#owners.release(owner, throughSequence);
      if (owner === this.owner) this.#held.releaseThrough(throughSequence);
      else this.#setEndedBytes(owner, bytes);
      await this.#tidy();
    });
  }

  async adoptable(): Promise<readonly string[]> {
    return this.#run(this.owner, async () => {
      this.#endedBytes = new Map(await this.#owners.adoptable());
      return [...this.#endedBytes.keys()];
    });
  }

  async adopt(owner: string): Promise<boolean> {
    return this.#run(owner, async () => {
      const isOurs = await this.#owners.adopt(owner);
      if (isOurs && owner === this.owner) this.#appender.closeOwner();
      if (isOurs) this.#adopted.add(owner);
      return isOurs;
    });
  }

  heldBytes(): number {
    return this.#endedBytes.values().reduce((sum, bytes) => sum + bytes, this.#held.total);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Ends everything without a word to the database, as the end of the process would; for tests. */
  async abandon(): Promise<void> {
    this.#closing ??= Promise.resolve();
    this.#ending.abort();
    this.#appender.abandon();
    await this.#leaseLoop;
    await this.#pool.end();
  }

  async #append(entry: NewIngestEntry): Promise<AppendResult> {
    const payload = Uint8Array.from(entry.payload);
    const digest = Uint8Array.from(entry.digest);
    const result = await this.#appender.append({ ...entry, payload, digest });
    if (!result.duplicate) this.#held.add(payload.length);
    return result;
  }

  async #close(): Promise<void> {
    this.#ending.abort();
    await this.#appender.close();
    await this.#leaseLoop;
    // When the database is away, the leases run out by themselves.
    await this.#owners.leave().catch(this.#options.onConnectionLost ?? (() => undefined));
    await this.#pool.end();
  }

  /** Renews the leases until the log closes. An owner that was adopted is noticed here even when nothing is appended. */
  async #keepLease(): Promise<void> {
    const { clock, leaseMs, onConnectionLost = () => undefined } = this.#options;
    const { signal } = this.#ending;
    for (;;) {
      await clock.sleep(leaseMs / 3, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        if (!(await this.#owners.renew())) this.#appender.closeOwner();
      } catch (error) {
        onConnectionLost(error);
      }
    }
  }

  /** Forgets digests whose time is over and lets the entry tables take turns, now and then. */
  async #tidy(): Promise<void> {
    const { clock, rotateBytes = DEFAULT_ROTATE_BYTES, onConnectionLost } = this.#options;
    if (clock.monotonicMs() - this.#tidiedAtMs < TIDY_INTERVAL_MS) return;
    this.#tidiedAtMs = clock.monotonicMs();
    try {
      await this.#pool.query("delete from scouter.ingest_digest where appended_at <= $1", [
        clock.now() - DIGEST_TTL_MS,
      ]);
      await rotateEntryTables(this.#pool, rotateBytes);
    } catch (error) {
      onConnectionLost?.(error); // the next time will do
    }
  }

  async #requireAdopted(owner: string): Promise<void> {
    if (owner === this.owner || this.#adopted.has(owner)) return;
    if (!(await this.#owners.exists(owner))) return;
    throw ingestLogErrors.INGEST_OWNER_NOT_ADOPTED({ owner });
  }

  #setEndedBytes(owner: string, bytes: number): void {
    if (bytes > 0) this.#endedBytes.set(owner, bytes);
    else this.#endedBytes.delete(owner);
  }

  async #run<Result>(owner: string, work: () => Promise<Result>): Promise<Result> {
    this.#requireOpen();
    requireOwner(owner);
    try {
      return await work();
    } catch (error) {
      throw translateError(error);
    }
  }

  #requireOpen(): void {
    if (this.#closing) throw ingestLogErrors.INGEST_LOG_CLOSED({});
  }
}

/** A server that does not flush its log, or not before it answers, promises less. */
async function durabilityOf(pool: Pool): Promise<IngestLogCapabilities["durability"]> {
  const { rows } = await pool.query<{ is_durable: boolean }>(
    `select current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off'
      as is_durable`,
  );
  return rows[0]?.is_durable === true ? "power" : "process";
}
