import { openPostgres } from "@scouter/database";
import { systemClock } from "@scouter/contracts";
import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { findPostgres } from "./find-postgres.ts";
import { startCluster, type PostgresCluster } from "./postgres-cluster.ts";

/** Names a running server (a user that may create databases) to use instead of starting one. */
const URI_VARIABLE = "SCOUTER_TEST_DATABASE_URI";
const CONNECT_TIMEOUT_MS = 60_000;

/** A real PostgreSQL for tests. */
export interface TestPostgres {
  /** A new, empty database; resolves with its URI. */
  emptyDatabase(): Promise<string>;
  /** A new database with the schema, cloned from a template that was migrated once. */
  migratedDatabase(): Promise<string>;
  /** The private server, to be killed or restarted by tests; undefined for a server of somebody else. */
  readonly cluster: PostgresCluster | undefined;
  /** Drops the databases, ends the server. */
  stop(): Promise<void>;
}

export type TestPostgresResult =
  | { readonly available: true; readonly postgres: TestPostgres }
  | { readonly available: false; readonly reason: string };

/**
 * Starts a private PostgreSQL in a temporary folder, or uses the server that SCOUTER_TEST_DATABASE_URI names. When
 * there is neither, `reason` says what to do; suites report it with `reportLeftOut`.
 */
export async function startTestPostgres(): Promise<TestPostgresResult> {
  const uri = process.env[URI_VARIABLE];
  if (uri !== undefined && uri !== "") return { available: true, postgres: testPostgres(uri) };
  const binaries = findPostgres();
  if (binaries === undefined) {
    const reason = `POSTGRES_UNAVAILABLE: no PostgreSQL 15 or newer found; install it (apt-get install postgresql) or set ${URI_VARIABLE}`;
    return { available: false, reason };
  }
  const cluster = await startCluster(binaries);
  return { available: true, postgres: testPostgres(cluster.uri, cluster) };
}

/**
 * Defines a suite that needs PostgreSQL. Without one, a single test of that name stands in its place and the run says
 * what it left out.
 */
export async function onPostgres(
  suite: string,
  define: (postgres: TestPostgres) => void | Promise<void>,
): Promise<void> {
  const result = await startTestPostgres();
  if (!result.available) return standIn(suite, result.reason);
  const { postgres } = result;
  afterAll(() => postgres.stop());
  describe(`on PostgreSQL: ${suite}`, async () => {
    await define(postgres);
  });
}

function standIn(suite: string, reason: string): void {
  describe(`on PostgreSQL: ${suite}`, () => {
    it("is left out, loudly", () => {
      reportLeftOut(suite, reason);
      expect(reason).toContain("POSTGRES_UNAVAILABLE");
    });
  });
}

/** Says on standard error what a run does not cover: a suite that is silently absent looks like one that passed. */
export function reportLeftOut(suite: string, reason: string): void {
  process.stderr.write(`\n!! LEFT OUT: ${suite}\n!! ${reason}\n\n`);
}

function testPostgres(serverUri: string, cluster?: PostgresCluster): TestPostgres {
  const names: string[] = [];
  let template: Promise<string> | undefined;

  const create = async (templateName: string): Promise<string> => {
    const name = `scouter_test_${randomBytes(8).toString("hex")}`;
    names.push(name);
    await execute(serverUri, `create database ${name} template ${templateName} encoding 'UTF8'`);
    return name;
  };
  const migrate = async (): Promise<string> => {
    const name = await create("template0");
    const database = await openPostgres({
      uri: uriOf(serverUri, name),
      clock: systemClock,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    });
    await database.close();
    return name;
  };
  return {
    cluster,
    emptyDatabase: async () => uriOf(serverUri, await create("template0")),
    migratedDatabase: async () => uriOf(serverUri, await create(await (template ??= migrate()))),
    async stop() {
      if (cluster !== undefined) return cluster.stop();
      for (const name of names) {
        await execute(serverUri, `drop database if exists ${name} with (force)`);
      }
    },
  };
}

function uriOf(serverUri: string, database: string): string {
  const uri = new URL(serverUri);
  uri.pathname = `/${database}`;
  return uri.href;
}

async function execute(uri: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: uri });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
