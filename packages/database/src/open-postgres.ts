import type { Clock } from "@scouter/contracts";
import type { Database } from "./database.ts";

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

/** Connects to PostgreSQL and brings the schema (`scouter`) up to date; processes that start together take turns. */
export function openPostgres(options: PostgresOptions): Promise<Database> {
  return Promise.reject(new Error(`not yet able to open with ${options.maxPoolSize} connections`));
}
