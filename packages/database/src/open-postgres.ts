import type { Clock } from "@scouter/contracts";
import { Kysely, PostgresDialect, sql } from "kysely";
import { assembleDatabase } from "./assemble-database.ts";
import type { Database, DatabaseCapabilities } from "./database.ts";
import { PgListener } from "./driver/pg/pg-listener.ts";
import { clientConfig, createPool } from "./driver/pg/pool.ts";
import { translateError } from "./driver/translate-error.ts";
import { errors } from "./errors.ts";
import { migrate } from "./migrations/migrate.ts";
import type { Tables } from "./session/tables.ts";

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=...`. PostgreSQL >= 15, no extension needed. */
  readonly uri: string;
  readonly clock: Clock;
  /** Connections of the pool; one more is used per process for LISTEN. 1 or more; 10 by default. */
  readonly maxPoolSize?: number;
  /** How long a call waits for a connection before it rejects with kind `unavailable`; 5,000 by default. */
  readonly connectTimeoutMs?: number;
  /** Told of connections that were lost while idle or listening, for the log. */
  readonly onConnectionLost?: (error: unknown) => void;
}

const DEFAULT_POOL_SIZE = 10;
const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;
const OLDEST_VERSION = 150_000;

/**
 * Connects to PostgreSQL and brings the schema (`scouter`) up to date; processes that start together take turns.
 *
 * @throws DATABASE_UNAVAILABLE, DATABASE_AUTHENTICATION_FAILED, DATABASE_VERSION_UNSUPPORTED,
 *   DATABASE_ENCODING_UNSUPPORTED, DATABASE_PERMISSION_DENIED, DATABASE_SCHEMA_NEWER, DATABASE_MIGRATION_FAILED
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { uri, clock, onConnectionLost = () => {} } = options;
  const connectTimeoutMs = options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
  const max = options.maxPoolSize ?? DEFAULT_POOL_SIZE;
  const pool = createPool({ uri, connectTimeoutMs, max });
  pool.on("error", onConnectionLost);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    const capabilities = await checkServer(db);
    await migrate(db);
    const listener = new PgListener({
      config: clientConfig({ uri, connectTimeoutMs }),
      clock,
      onConnectionLost,
    });
    return assembleDatabase({
      kind: "postgres",
      capabilities,
      db,
      clock,
      listener,
      maintenance: [],
    });
  } catch (error) {
    await db.destroy();
    throw translateError(error);
  }
}

interface ServerRow {
  readonly number: number;
  readonly version: string;
  readonly encoding: string;
  readonly is_durable: boolean;
}

/** A server that does not flush its log, or not before it answers, promises less; we say so instead of pretending. */
async function checkServer(db: Kysely<Tables>): Promise<DatabaseCapabilities> {
  const { rows } = await sql<ServerRow>`
    select current_setting('server_version_num')::integer as number,
      current_setting('server_version') as version,
      current_setting('server_encoding') as encoding,
      current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off'
        as is_durable`.execute(db);
  const { number, version, encoding, is_durable: isDurable } = rows[0] as ServerRow;
  if (number < OLDEST_VERSION) throw errors.DATABASE_VERSION_UNSUPPORTED({ found: version });
  if (encoding !== "UTF8") throw errors.DATABASE_ENCODING_UNSUPPORTED({ found: encoding });
  return { durability: isDurable ? "power" : "process" };
}
