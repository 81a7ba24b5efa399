import { randomBytes, randomUUID } from "node:crypto";
import { type Clock, systemClock } from "@scouter/contracts";
import type { NewIngestEntry, StoredIngestEntry } from "@scouter/lake/ingest-log";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { Client } from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openPostgresIngestLog, type PostgresIngestLog } from "./postgres-ingest-log.ts";

/** So long the server waits until a connection that it cuts is gone: later calls never meet one that is about to end. */
const CUT_LIMIT_MS = 30_000;

await onPostgres("the ingest log among several processes", (postgres) => {
  let uri: string;
  let admin: Client;
  const logs: PostgresIngestLog[] = [];

  beforeEach(async () => {
    uri = await postgres.migratedDatabase();
    admin = new Client({ connectionString: uri });
    await admin.connect();
  });
  afterEach(async () => {
    for (const log of logs.splice(0)) await log.close();
    await admin.end();
  });

  async function open(
    leaseMs = 600_000,
    rotateBytes = 16 << 20,
    clock: Clock = systemClock,
  ): Promise<PostgresIngestLog> {
    const owner = randomUUID();
    const log = await openPostgresIngestLog({
      uri,
      owner,
      clock,
      leaseMs,
      rotateBytes,
      connectTimeoutMs: 60_000,
    });
    logs.push(log);
    return log;
  }

  /** As if the owner's process had stood still for all of its lease. */
  async function endLease(owner: string): Promise<void> {
    await admin.query(
      `update scouter.ingest_owner set lease_until = clock_timestamp() - interval '1 second'
        where owner = $1`,
      [owner],
    );
  }

  /** In seconds. */
  async function leftOfLease(owner: string): Promise<number> {
    const { rows } = await admin.query<{ left: string }>(
      `select extract(epoch from lease_until - clock_timestamp()) as left
        from scouter.ingest_owner where owner = $1`,
      [owner],
    );
    return Number(rows[0]?.left);
  }

  it("stores bodies once that several processes get at the same time", async () => {
    const processes = await Promise.all([open(), open(), open()]);
    const entries = Array.from({ length: 200 }, () => entryOf());
    const results = await Promise.all(
      processes.map((log) => Promise.all(entries.map((entry) => log.append(entry)))),
    );
    for (const [index] of entries.entries()) {
      const answers = results.map((of) => of[index]);
      expect(answers.filter((answer) => answer?.duplicate === false)).toHaveLength(1);
      expect(new Set(answers.map((answer) => `${answer?.owner}/${answer?.sequence}`)).size).toBe(1);
    }
    let stored = 0;
    for (const log of processes) {
      const sequences = await sequencesOf(log, log.owner);
      expect(sequences).toEqual(sequences.map((_, index) => index + 1));
      stored += sequences.length;
    }
    expect(stored).toBe(200);
  });

  it("offers an owner only after its lease ran out", async () => {
    const [ended, other] = [await open(), await open()];
    await ended.append(entryOf());
    await ended.abandon();
    logs.splice(logs.indexOf(ended), 1);
    expect(await other.adoptable()).toEqual([]);
    await endLease(ended.owner);
    expect(await other.adoptable()).toEqual([ended.owner]);
  });

  it("renews its lease before a third of it is over", async () => {
    const clock = new ManualClock();
    const [standing, other] = [await open(600_000, 16 << 20, clock), await open()];
    await standing.append(entryOf());
    await endLease(standing.owner);
    expect(await other.adoptable()).toEqual([standing.owner]);
    await clock.advance(200_000);
    while ((await other.adoptable()).length > 0) await systemClock.sleep(5);
    expect(await leftOfLease(standing.owner)).toBeGreaterThan(300);
  });

  it("lets one of two processes adopt an owner", async () => {
    const [ended, one, two] = [await open(), await open(), await open()];
    await ended.append(entryOf());
    await ended.abandon();
    logs.splice(logs.indexOf(ended), 1);
    await endLease(ended.owner);
    const won = await Promise.all([one.adopt(ended.owner), two.adopt(ended.owner)]);
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it("acknowledges each entry once when its connections are cut under load", async () => {
    const log = await open();
    const acknowledged: number[] = [];
    let isOver = false;
    const clients = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const entry = entryOf();
        const { sequence, duplicate } = await log.append(entry);
        expect(duplicate).toBe(false);
        acknowledged.push(sequence);
      }
    });
    for (let round = 0; round < 10; round += 1) {
      const goal = acknowledged.length + 50;
      while (acknowledged.length < goal) await systemClock.sleep(2);
      await admin.query(
        `select pg_terminate_backend(pid, ${CUT_LIMIT_MS}) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`,
      );
    }
    isOver = true;
    await Promise.all(clients);
    const stored = await sequencesOf(log, log.owner);
    expect(acknowledged.toSorted((a, b) => a - b)).toEqual(stored);
    expect(stored).toEqual(stored.map((_, index) => index + 1));
  });

  it("truncates tables whose entries are released and keeps the others", async () => {
    const clock = new ManualClock();
    const [busy, slow] = [await open(600_000, 1 << 20, clock), await open()];
    await slow.append(entryOf());
    let last = 0;
    for (let round = 0; round < 3; round += 1) {
      for (let each = 0; each < 40; each += 1) {
        ({ sequence: last } = await busy.append(entryOf(50_000)));
      }
      await busy.release(busy.owner, last);
      await clock.advance(5_000); // tables take turns no more often than that
    }
    await busy.append(entryOf());
    await busy.release(busy.owner, last);
    expect(await sequencesOf(slow, slow.owner)).toEqual([1]);
    expect(await sequencesOf(busy, busy.owner)).toEqual([last + 1]);
    const { rows } = await admin.query<{ rows: string }>(
      "select count(*) as rows from scouter.ingest_entry",
    );
    expect(Number(rows[0]?.rows)).toBeLessThan(120);
  });
});

function entryOf(payloadBytes = 100): NewIngestEntry {
  return {
    format: "otlp-protobuf",
    payload: new Uint8Array(randomBytes(payloadBytes)),
    digest: new Uint8Array(randomBytes(20)),
    receivedAt: 1,
    rejected: [],
  };
}

async function sequencesOf(log: PostgresIngestLog, owner: string): Promise<readonly number[]> {
  const entries: StoredIngestEntry[] = [];
  for await (const entry of log.read(owner, 0)) entries.push(entry);
  return entries.map((entry) => ("sequence" in entry ? entry.sequence : -1));
}
