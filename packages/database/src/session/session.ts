import type { Clock } from "@scouter/contracts";
import type { Kysely, Transaction } from "kysely";
import { isContention, translateError } from "../driver/translate-error.ts";
import { errors } from "../errors.ts";
import type { Tables } from "./tables.ts";

/** Transactions that met a deadlock or a serialization failure are tried this often in all. */
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 5;

/** What a repository's statement runs on: the database, or a transaction of it. */
export type Executor = Kysely<Tables>;

/**
 * The way from a repository to the driver: translates errors, repeats contended work, and lets `close` wait for the
 * calls under way.
 */
export class Session {
  readonly #db: Kysely<Tables>;
  readonly #clock: Clock;
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(db: Kysely<Tables>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Runs one statement (its own transaction). `work` may run several times. */
  run<Result>(work: (db: Executor) => Promise<Result>): Promise<Result> {
    return this.#track(() => this.#repeat(() => work(this.#db)));
  }

  /** Runs several statements in one transaction, committed when `work` resolved. `work` may run several times. */
  transaction<Result>(work: (db: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    return this.#track(() => this.#repeat(() => this.#db.transaction().execute(work)));
  }

  /** Refuses new calls and resolves when those under way have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running);
  }

  async #track<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw errors.DATABASE_CLOSED({});
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      throw translateError(error);
    } finally {
      this.#running.delete(running);
    }
  }

  async #repeat<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (!isContention(error)) throw error;
        if (attempt === MAX_ATTEMPTS) {
          throw errors.DATABASE_CONTENDED({ attempts: attempt }, { cause: error });
        }
        await this.#clock.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  }
}
