import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import { CompiledQuery } from "kysely";
import { ConnectionQueue } from "./connection-queue.ts";
import type { PgliteWorkerClient } from "./pglite-worker-client.ts";

/** Calls that may wait for the one session; beyond it the caller's own bounded channels are what should fill. */
const MAX_WAITING = 10_000;

/** Kysely on the PGlite worker: PostgreSQL's SQL, one session, transactions one after another. */
export class PgliteDialect implements Dialect {
  readonly #client: PgliteWorkerClient;

  constructor(client: PgliteWorkerClient) {
    this.#client = client;
  }

  createDriver(): Driver {
    return new PgliteDriver(this.#client);
  }

  createQueryCompiler(): PostgresQueryCompiler {
    return new PostgresQueryCompiler();
  }

  createAdapter(): PostgresAdapter {
    return new PostgresAdapter();
  }

  createIntrospector(db: Kysely<unknown>): PostgresIntrospector {
    return new PostgresIntrospector(db);
  }
}

class PgliteDriver implements Driver {
  readonly #client: PgliteWorkerClient;
  readonly #queue = new ConnectionQueue(MAX_WAITING);
  readonly #connection: PgliteConnection;

  constructor(client: PgliteWorkerClient) {
    this.#client = client;
    this.#connection = new PgliteConnection(client);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#queue.acquire();
    return this.#connection;
  }

  async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    const isolation = settings.isolationLevel;
    const mode = isolation === undefined ? "" : ` isolation level ${isolation}`;
    await connection.executeQuery(CompiledQuery.raw(`begin${mode}`));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  async releaseConnection(): Promise<void> {
    this.#queue.release();
  }

  destroy(): Promise<void> {
    return this.#client.close();
  }
}

class PgliteConnection implements DatabaseConnection {
  readonly #client: PgliteWorkerClient;

  constructor(client: PgliteWorkerClient) {
    this.#client = client;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, affectedRows } = await this.#client.query(query.sql, query.parameters);
    const result = { rows: rows as Row[] };
    return affectedRows === undefined
      ? result
      : { ...result, numAffectedRows: BigInt(affectedRows) };
  }

  // oxlint-disable-next-line require-yield -- the interface asks for a generator; nothing here streams
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new TypeError("the embedded database does not stream rows");
  }
}
