import { systemClock } from "@scouter/contracts";
import { recordFor, registerAgent } from "@scouter/testkit/contract/repositories/samples";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { Client } from "pg";
import { describe, expect, it } from "vitest";
import type { Database } from "./database.ts";
import { openPostgres } from "./open-postgres.ts";

async function execute(uri: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: uri });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Resolves when the handler was called once more. */
function nextCall(): { readonly handler: () => void; readonly called: () => Promise<void> } {
  let gate = Promise.withResolvers<void>();
  return {
    handler: () => gate.resolve(),
    called: async () => {
      await gate.promise;
      gate = Promise.withResolvers();
    },
  };
}

await onPostgres("PostgreSQL as a server of its own", (postgres) => {
  const open = (uri: string) => openPostgres({ uri, clock: systemClock, connectTimeoutMs: 60_000 });

  it("migrates an empty database once when 4 processes open it at once", async () => {
    const uri = await postgres.emptyDatabase();
    const databases = await Promise.all(Array.from({ length: 4 }, () => open(uri)));
    const { uid } = await registerAgent(databases[0] as Database);
    for (const db of databases) expect(await db.profiles.byUid(uid)).toBeDefined();
    await Promise.all(databases.map((db) => db.close()));
  });

  it("gives distinct versions to registrations of several processes", async () => {
    const uri = await postgres.migratedDatabase();
    const databases = await Promise.all(Array.from({ length: 3 }, () => open(uri)));
    const registered = await Promise.all(
      databases.flatMap((db) =>
        Array.from({ length: 5 }, () => registerAgent(db, { space: "shared", name: "one" })),
      ),
    );
    expect(new Set(registered.map(({ version }) => version)).size).toBe(15);
    await Promise.all(databases.map((db) => db.close()));
  });

  it("tells another process of new records", async () => {
    const uri = await postgres.migratedDatabase();
    const [writer, reader] = await Promise.all([open(uri), open(uri)]);
    const { uid } = await registerAgent(writer);
    const heard = nextCall();
    await reader.listen("eval_records", heard.handler);
    expect(await writer.evalRecords.store([recordFor(uid)])).toEqual(["stored"]);
    await heard.called();
    await Promise.all([writer.close(), reader.close()]);
  });

  it("listens again after its connections were cut, and calls the handlers", async () => {
    const uri = await postgres.migratedDatabase();
    const db = await open(uri);
    const { uid } = await registerAgent(db);
    const heard = nextCall();
    await db.listen("eval_records", heard.handler);
    await execute(
      uri,
      // Waits until they are gone: the pool would not yet know of one that is about to end.
      `select pg_terminate_backend(pid, 30000) from pg_stat_activity
        where datname = current_database() and application_name = 'scouter'`,
    );
    await heard.called(); // by the reconnect
    expect(await db.evalRecords.store([recordFor(uid)])).toEqual(["stored"]);
    await heard.called(); // by the record
    await db.close();
  });

  it("closes while it cannot reconnect", async () => {
    const uri = await postgres.migratedDatabase();
    const lost = nextCall();
    const db = await openPostgres({
      uri,
      clock: systemClock,
      connectTimeoutMs: 60_000,
      onConnectionLost: lost.handler,
    });
    await db.listen("eval_records", () => {});
    const name = new URL(uri).pathname.slice(1);
    const maintenance = new URL(uri);
    maintenance.pathname = "/postgres";
    await execute(maintenance.href, `drop database ${name} with (force)`);
    await lost.called();
    await db.close();
    await expect(db.ping()).rejects.toMatchObject({ code: "DATABASE_CLOSED" });
  });

  it("promises to survive a power cut only when the server flushes", async () => {
    const uri = await postgres.migratedDatabase();
    const durable = await open(uri);
    expect(durable.capabilities).toEqual({ durability: "power" });
    await durable.close();
    const name = new URL(uri).pathname.slice(1);
    await execute(uri, `alter database ${name} set synchronous_commit = off`);
    const relaxed = await open(uri);
    expect(relaxed.capabilities).toEqual({ durability: "process" });
    await relaxed.close();
  });

  describe("opening refuses", () => {
    it("a schema of a newer release", async () => {
      const uri = await postgres.migratedDatabase();
      await execute(
        uri,
        `insert into scouter.migration (name, timestamp) values ('9999-future', now()::text)`,
      );
      await expect(open(uri)).rejects.toMatchObject({
        code: "DATABASE_SCHEMA_NEWER",
        kind: "invalid",
        message: expect.stringContaining("9999-future"),
      });
    });

    it("a database of another encoding", async () => {
      const uri = await postgres.emptyDatabase();
      const name = `${new URL(uri).pathname.slice(1)}_ascii`;
      await execute(
        uri,
        `create database ${name} template template0 encoding 'SQL_ASCII' locale 'C'`,
      );
      const ascii = new URL(uri);
      ascii.pathname = `/${name}`;
      await expect(open(ascii.href)).rejects.toMatchObject({
        code: "DATABASE_ENCODING_UNSUPPORTED",
      });
      await execute(uri, `drop database ${name}`);
    });

    it("a user who may not create the schema", async () => {
      const uri = await postgres.emptyDatabase();
      const role = `limited_${new URL(uri).pathname.slice(-8)}`;
      await execute(uri, `create role ${role} login`);
      const limited = new URL(uri);
      limited.username = role;
      await expect(open(limited.href)).rejects.toMatchObject({
        code: "DATABASE_PERMISSION_DENIED",
        remedy: expect.stringContaining("grant"),
      });
    });

    it("an unknown database", async () => {
      const uri = `${await postgres.emptyDatabase()}_unknown`;
      await expect(open(uri)).rejects.toMatchObject({ code: "DATABASE_AUTHENTICATION_FAILED" });
    });

    it("a port where nobody listens", async () => {
      await expect(open("postgres://nobody@127.0.0.1:1/none")).rejects.toMatchObject({
        code: "DATABASE_UNAVAILABLE",
        kind: "unavailable",
      });
    });
  });
});
