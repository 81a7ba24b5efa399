import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type JsonObject, systemClock } from "@scouter/contracts";
import { type Database, openPostgres } from "@scouter/database";
import { DeltaTable, decodeStatistics, openLocalObjectStore } from "@scouter/delta";
import { createPsiProfile, createSpcProfile } from "@scouter/drift";
import {
  completionOf,
  recordFor,
  registerAgent,
} from "@scouter/testkit/contract/repositories/samples";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { enterAs, guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import {
  type ServerProcess,
  startServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { Client } from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";

/**
 * A real server moves old days to the lake and is ended by SIGKILL after the files were committed there and before the
 * database let go. What its charts show must be the same before, after the kill, and when the next one has finished.
 */

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const admin = { username: "admin", password: "one day, one side" };
const NOON_MS = Date.UTC(2026, 2, 1, 12);
const OBSERVATIONS = 400;
const RECORDS = 40;
const SPACE = "archive-kill";

await onPostgres("a server killed between the lake and the database", (postgres) => {
  let home: string;
  let uri: string;
  let client: Client;
  let server: ServerProcess | undefined;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-archive-kill-"));
    uri = await postgres.migratedDatabase();
    client = new Client({ connectionString: uri });
    await client.connect();
  });
  afterEach(async () => {
    await server?.stop("SIGKILL");
    await client.end();
    await rm(home, { recursive: true, force: true });
  });

  async function start(retentionDays: number): Promise<ServerProcess> {
    const env = {
      DATABASE_URI: uri,
      DATA_RETENTION_PERIOD: String(retentionDays),
      SCOUTER_DEFAULT_PASSWORD: admin.password,
    };
    server = await startServerProcess({ entry, home, env });
    await enterAs(server.urls.http, admin);
    return server;
  }

  it("leaves every row on one side, counted once", async () => {
    const uids = await storeOldRows(uri, client);
    // Whoever reads a day, or a record, holds up the transaction that lets go of it: the server waits there, or tries again.
    const holder = new Client({ connectionString: uri });
    await holder.connect();
    await holder.query("begin");
    await holder.query("select from scouter.psi_observation limit 1");
    await holder.query("select from scouter.eval_record for update");
    const doomed = await start(30);
    const before = await shownBy(doomed, uids);
    expect(before.map(({ points }) => points)).toEqual([10, 10, 10, 10]);
    await until(async () => {
      const psi = await lakeRows(home, "observation_archive", "Psi");
      return psi > 0 && (await lakeRows(home, "evaluation_archive")) > 0;
    });
    expect(await doomed.stop("SIGKILL")).toEqual({ code: null, signal: "SIGKILL" });
    await holder.query("rollback");
    await holder.end();
    // What was written: of psi observations, and of evaluations. The database holds both still.
    expect(await lakeRows(home, "observation_archive", "Psi")).toBe(OBSERVATIONS);
    expect(await lakeRows(home, "evaluation_archive")).toBe(RECORDS);
    expect(await rowsLeft(client)).toMatchObject({ psi: OBSERVATIONS, records: RECORDS });

    const kept = await start(0);
    expect(await shownBy(kept, uids)).toEqual(before);
    expect(await kept.stop("SIGTERM")).toEqual({ code: 0, signal: null });

    // As if the quarter of an hour were over for which a killed process has the right to archive.
    await client.query("update scouter.lease set expires_at = now() where name like '%-archive'");
    const finishing = await start(30);
    await until(async () => {
      const { psi, spc, records } = await rowsLeft(client);
      return psi + spc + records === 0;
    });
    expect(await shownBy(finishing, uids)).toEqual(before);
    expect(await finishing.stop("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(await lakeRows(home, "observation_archive", "Psi")).toBe(OBSERVATIONS);
    expect(await lakeRows(home, "observation_archive", "Spc")).toBe(OBSERVATIONS);
    expect(await lakeRows(home, "evaluation_archive")).toBe(RECORDS);
  });
});

interface Uids {
  readonly psi: string;
  readonly spc: string;
  readonly agent: string;
}

/** Rows of forty days ago. */
async function storeOldRows(uri: string, client: Client): Promise<Uids> {
  const db = await openPostgres({ uri, clock: systemClock });
  try {
    const psi = await registerObserved(db, "Psi");
    const spc = await registerObserved(db, "Spc");
    const { uid: agent } = await registerAgent(db, { space: SPACE });
    await db.observations.store(
      Array.from({ length: OBSERVATIONS }, (_, number) => {
        const createdAt = new Date(NOON_MS + number * 1000).toISOString();
        const bin = { binId: 1 + (number % 10), binCount: 200 + number };
        return [
          { kind: "Psi" as const, profileUid: psi, series: "a", createdAt, ...bin },
          { kind: "Spc" as const, profileUid: spc, series: "a", createdAt, value: number / 4 },
        ];
      }).flat(),
    );
    await evaluate(db, agent);
    for (const table of ["psi_observation", "spc_observation"]) {
      await client.query(`update scouter.${table} set received_at = now() - interval '40 days'`);
    }
    await client.query(
      "update scouter.eval_record set processing_ended_at = now() - interval '40 days'",
    );
    // Their part and those of the days ahead, so that nothing but the end of the day waits for the holder's lock.
    await db.observationDays.prepare(5);
    return { psi, spc, agent };
  } finally {
    await db.close();
  }
}

async function registerObserved(db: Database, driftType: "Psi" | "Spc"): Promise<string> {
  const fitted = {
    uid: "0194f0c3-7c5e-7000-8000-000000000000",
    timestamp: "2026-01-01T00:00:00Z",
    scouterVersion: "test",
    table: { a: Array.from({ length: 1000 }, (_, row) => row) },
  };
  const profile = driftType === "Psi" ? createPsiProfile(fitted).profile : createSpcProfile(fitted);
  const { uid } = await db.profiles.register({
    space: SPACE,
    name: driftType,
    driftType,
    profile: profile as unknown as JsonObject,
    versionRequest: { version_type: "Minor" },
    active: false,
    deactivateOthers: false,
  });
  return uid;
}

async function evaluate(db: Database, profileUid: string): Promise<void> {
  await db.evalRecords.store(Array.from({ length: RECORDS }, () => recordFor(profileUid)));
  const claimed = await db.evalRecords.claim({ workerId: "w", limit: 1000, leaseMs: 60_000 });
  const completions = claimed.map((item, number) => {
    const { workflow, ...rest } = completionOf(item, number % 3 === 0 ? ["failed"] : ["passed"]);
    const created_at = new Date(NOON_MS + number * 10_000).toISOString();
    const tasks = rest.tasks.map((task) => ({ ...task, created_at }));
    return { ...rest, tasks, workflow: { ...workflow, created_at } };
  });
  await db.evalRecords.complete(completions);
}

interface Shown {
  readonly points: number;
  readonly chart: unknown;
}

/** Charts of ten points over all rows. */
async function shownBy({ urls }: ServerProcess, { psi, spc, agent }: Uids): Promise<Shown[]> {
  const charts = [
    ["psi", psi],
    ["spc", spc],
    ["agent/task", agent],
    ["agent/workflow", agent],
  ] as const;
  return Promise.all(
    charts.map(async ([path, uid]) => {
      const query = new URLSearchParams({
        uid,
        space: SPACE,
        time_interval: "Custom",
        max_data_points: "11",
        start_custom_datetime: new Date(NOON_MS).toISOString(),
        end_custom_datetime: new Date(NOON_MS + 400_000).toISOString(),
      });
      const response = await guestFetch(`${urls.http}/scouter/drift/${path}?${query.toString()}`);
      const text = await response.text();
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
      return { points: text.split("T12:").length - 1, chart: rounded(JSON.parse(text)) };
    }),
  );
}

/** Sums are not taken in the same order: the last digits may differ. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === "number" && !Number.isInteger(part) ? Number(part.toPrecision(10)) : part,
    ),
  );
}

async function rowsLeft(client: Client) {
  const { rows } = await client.query<{ psi: number; spc: number; records: number }>(`
    select (select count(*)::integer from scouter.psi_observation) as psi,
      (select count(*)::integer from scouter.spc_observation) as spc,
      (select count(*)::integer from scouter.eval_record) as records`);
  const [left] = rows;
  if (left === undefined) throw new Error("no counts");
  return left;
}

/** Rows of the table's newest version, by its own log; 0 while there is no table. */
async function lakeRows(home: string, name: string, kind?: string): Promise<number> {
  if (!existsSync(join(home, "lake", name, "_delta_log", `${"0".repeat(20)}.json`))) return 0;
  const table = await DeltaTable.open({
    store: await openLocalObjectStore(join(home, "lake", name)),
    path: "",
    clock: systemClock,
    random: Math.random,
    newId: () => crypto.randomUUID(),
  });
  return table.snapshot
    .files()
    .filter(({ partitionValues }) => kind === undefined || partitionValues["kind"] === kind)
    .reduce((sum, { stats }) => sum + (decodeStatistics(stats)?.numRecords ?? NaN), 0);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await systemClock.sleep(20);
}
