import type { Clock } from "@scouter/contracts";
import {
  type AppendResult,
  DIGEST_TTL_MS,
  ingestLogErrors,
  type NewIngestEntry,
  type RejectedSpan,
} from "@scouter/lake/ingest-log";
import { Client, type ClientConfig } from "pg";
import { driverErrorFields } from "../driver/driver-error.ts";
import { isContention, translateError } from "../driver/translate-error.ts";
import { appendStatement, LOST_RACE } from "./append-statement.ts";
import { readRejected, writeRejected } from "./entry-tables.ts";

/** Rows of one insert. More gain little: the commit's cost is shared by then. */
const MAX_GROUP_ENTRIES = 32;
const MAX_GROUP_BYTES = 8 << 20;
const MAX_ATTEMPTS = 5;

/**
 * A plan is kept for the life of the connection, and one made while the tables were empty would scan them forever. The
 * penalty that the planner then adds to small scans makes the statement look worth compiling, at half a second a group.
 */
const SESSION_SETTINGS =
  "set enable_seqscan = off; set plan_cache_mode = force_generic_plan; set jit = off";

export interface GroupAppenderOptions {
  readonly config: ClientConfig;
  readonly owner: string;
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly onConnectionLost: (error: unknown) => void;
}

interface Waiting {
  readonly entry: NewIngestEntry;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

interface AppendedRow {
  readonly owner: string;
  readonly sequence: number;
  readonly known: boolean;
  readonly rejected: string | null;
  readonly fenced: number;
}

/**
 * The one writer of an owner, on a connection of its own. Whatever waits while the last group commits forms the next
 * group; no timer, so a lone request waits for its own commit only. Entries are not changed after they were handed in.
 *
 * When the connection breaks under a statement, whether that was committed is not known. The next statement then first
 * asks for the owner's mark, with a lock that waits for the end of a statement that still runs. If the mark has moved,
 * the same group is sent again and finds its own digests: they are acknowledged as what they are. Only when the group
 * was rejected meanwhile, because the database stayed away, are there entries that nobody waits for: the owner is closed
 * then, and its entries are replayed as those of an ended process.
 */
export class GroupAppender {
  readonly #options: GroupAppenderOptions;
  #waiting: Waiting[] = [];
  #client: Client | undefined;
  #lastSequence = 0;
  /** The entry up to which everything stored was acknowledged or belongs to the group under way. */
  #settledThrough = 0;
  #isUnsure = false;
  #ownerClosed: Error | undefined;
  #running: Promise<void> | undefined;

  constructor(options: GroupAppenderOptions) {
    this.#options = options;
  }

  append(entry: NewIngestEntry): Promise<AppendResult> {
    if (this.#ownerClosed !== undefined) return Promise.reject(this.#ownerClosed);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** The owner is known to be closed: nothing more is tried. */
  closeOwner(): Error {
    this.#ownerClosed ??= ingestLogErrors.INGEST_OWNER_CLOSED({ owner: this.#options.owner });
    return this.#ownerClosed;
  }

  /** Resolves when nothing waits any more and the connection is closed. */
  async close(): Promise<void> {
    await this.#running;
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined); // it was broken already
  }

  /** Ends the connection at once, as the end of the process would. */
  abandon(): void {
    this.closeOwner();
    this.#dropConnection();
  }

  async #run(): Promise<void> {
    // Calls made in the same turn of the event loop share the first group.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#write(this.#takeGroup());
    this.#running = undefined;
  }

  #takeGroup(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { entry } of this.#waiting) {
      bytes += entry.payload.length;
      if (count === MAX_GROUP_ENTRIES || (count > 0 && bytes > MAX_GROUP_BYTES)) break;
      count += 1;
    }
    const group = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    return group;
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    try {
      const rows = await this.#store(group.map(({ entry }) => entry));
      for (const [index, { entry, resolve }] of group.entries()) {
        resolve(this.#resultOf(entry, rows[index] as AppendedRow));
      }
      this.#settledThrough = this.#lastSequence;
    } catch (error) {
      const failure = translateError(error);
      for (const { reject } of group) reject(failure);
    }
  }

  #resultOf(entry: NewIngestEntry, row: AppendedRow): AppendResult {
    const { owner, sequence } = row;
    // Stored by an earlier attempt of this very group, whose answer was lost.
    const isOurs = owner === this.#options.owner && sequence > this.#settledThrough;
    const duplicate = row.known && !isOurs;
    const rejected: readonly RejectedSpan[] = duplicate
      ? readRejected(row.rejected)
      : entry.rejected;
    return { owner, sequence, duplicate, rejected };
  }

  async #store(entries: readonly NewIngestEntry[]): Promise<readonly AppendedRow[]> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.#ownerClosed !== undefined) throw this.#ownerClosed;
      try {
        if (this.#isUnsure) await this.#settle(attempt > 1);
        return await this.#insert(entries);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !this.#mayRepeat(error, attempt)) throw error;
      }
    }
  }

  /** A broken connection is made anew once: if that fails, the database is away and senders should know. */
  #mayRepeat(error: unknown, attempt: number): boolean {
    const { sqlState } = driverErrorFields(error);
    if (sqlState === LOST_RACE || isContention(error)) return true;
    return this.#isUnsure && attempt === 1;
  }

  async #insert(entries: readonly NewIngestEntry[]): Promise<readonly AppendedRow[]> {
    const client = await this.#connected();
    const now = this.#options.clock.now();
    const { owner, leaseMs } = this.#options;
    const fixed = [owner, 1, this.#lastSequence, now, now - DIGEST_TTL_MS, leaseMs];
    const count = entries.length;
    const values = [...fixed, ...entries.flatMap((entry, position) => rowOf(entry, position))];
    const query = { name: `append ${count}`, text: appendStatement(count), values };
    const { rows } = await this.#ask(client.query<AppendedRow>(query));
    if (rows[0]?.fenced !== 1) throw this.closeOwner();
    const fresh = rows.filter(({ known }) => !known);
    this.#lastSequence += fresh.length;
    return rows;
  }

  /** How far the log really is. `isSameGroup`: what is there beyond our mark belongs to the group to be sent. */
  async #settle(isSameGroup: boolean): Promise<void> {
    const client = await this.#connected();
    const { rows } = await this.#ask(
      client.query<{ last_sequence: number; state: string }>(
        `update scouter.ingest_owner set lease_until = lease_until
          where owner = $1 returning last_sequence, state`,
        [this.#options.owner],
      ),
    );
    const row = rows[0];
    if (row === undefined || row.state !== "open") throw this.closeOwner();
    if (row.last_sequence > this.#lastSequence && !isSameGroup) {
      await this.#ask(
        client.query(
          `update scouter.ingest_owner set state = 'closed', lease_until = clock_timestamp()
            where owner = $1`,
          [this.#options.owner],
        ),
      );
      throw this.closeOwner();
    }
    this.#lastSequence = row.last_sequence;
    this.#isUnsure = false;
  }

  async #ask<Result>(query: Promise<Result>): Promise<Result> {
    try {
      return await query;
    } catch (error) {
      // The server said no: the statement was rolled back. Anything else, or the end of the session, leaves it open.
      const { sqlState } = driverErrorFields(error);
      if (sqlState === undefined || !/^[0-9A-Z]{5}$/.test(sqlState) || /^(08|57)/.test(sqlState)) {
        this.#isUnsure = true;
        this.#dropConnection();
      }
      throw error;
    }
  }

  async #connected(): Promise<Client> {
    if (this.#client !== undefined) return this.#client;
    const client = new Client(this.#options.config);
    client.on("error", (error) => {
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#options.onConnectionLost(error);
    });
    try {
      await client.connect();
      await client.query(SESSION_SETTINGS);
    } catch (error) {
      client.end().catch(() => undefined); // it never was connected
      throw error;
    }
    this.#client = client;
    return client;
  }

  #dropConnection(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.end().catch(() => undefined); // it is broken
  }
}

function rowOf(entry: NewIngestEntry, position: number): readonly unknown[] {
  return [
    position,
    Buffer.from(entry.digest.buffer, entry.digest.byteOffset, entry.digest.byteLength),
    entry.format,
    entry.receivedAt,
    writeRejected(entry.rejected),
    Buffer.from(entry.payload.buffer, entry.payload.byteOffset, entry.payload.byteLength),
  ];
}
