/**
 * Many windows due at once: time from the moment at which they may be planned until every result is stored, by a whole
 * server on a PostgreSQL of its own, both on this machine. Observations of the hour are stored before.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "@scouter/contracts";
import { openPostgres, type Database } from "@scouter/database";
import { compose, readConfig, realOutside } from "@scouter/server";
import { findPostgres } from "@scouter/testkit/postgres/find-postgres";
import { startCluster } from "@scouter/testkit/postgres/postgres-cluster";
import { Client } from "pg";
import { databaseLoad } from "./due/database-load.ts";
import { observeDueProfiles, registerDueProfiles, type DueLoad } from "./due/seed-due-profiles.ts";
import { printFigure } from "./figure/print-figure.ts";

const { values: options } = parseArgs({
  options: {
    profiles: { type: "string", default: "10000" },
    features: { type: "string", default: "10" },
    bins: { type: "string", default: "10" },
    rows: { type: "string", default: "60" },
  },
});
const load: DueLoad = {
  profiles: Number(options.profiles),
  features: Number(options.features),
  bins: Number(options.bins),
  rows: Number(options.rows),
};
const TARGET_S = 60;
const DAY_MS = 86_400_000;
const GRACE_MS = 10_000;
/** How often it is looked whether all are done: one count, of which the figure may be too high. */
const LOOK_MS = 100;

const binaries = findPostgres();
if (binaries === undefined) throw new Error("no PostgreSQL 15 or newer found (install postgresql)");
const cluster = await startCluster(binaries);
const home = await mkdtemp(join(tmpdir(), "scouter-due-"));
try {
  await measure(cluster.uri, cluster.process.pid ?? 0);
} finally {
  await cluster.stop();
  await rm(home, { recursive: true, force: true });
}

async function measure(uri: string, postgresPid: number): Promise<void> {
  const database = await openPostgres({ uri, clock: systemClock });
  const client = new Client({ connectionString: uri });
  await client.connect();
  // As a server does at its start: rows have the part of their day from the beginning.
  await database.observationDays.prepare(1);
  console.error(`registering ${load.profiles} profiles`);
  await registerDueProfiles(database, load);
  console.error(`storing ${load.profiles * load.features * load.bins * load.rows} rows`);
  await observeDueProfiles(client, load, (row) => {
    if (row % 10 === 0) console.error(`  ${row} of ${load.rows} batches`);
  });
  // The slot comes when the measurement says so, not at the next midnight of this machine.
  const slotMs = (Math.floor((await database.driftWindows.nowMs()) / DAY_MS) + 1) * DAY_MS;
  let plannerMs = slotMs;
  const server = compose(configOf(uri), {
    ...realOutside,
    openPostgres: async (given) => withTime(await openPostgres(given), async () => plannerMs),
  });
  await server.start();
  const before = await databaseLoad(client, postgresPid);
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  plannerMs = slotMs + GRACE_MS;
  await untilAllDone(client, slotMs);
  const seconds = (performance.now() - begun) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const after = await databaseLoad(client, postgresPid);
  await server.stop("measured");
  await client.end();
  await database.close();

  const figure = (name: string, value: number, unit: string, target: number | null = null) =>
    printFigure({ name, value, unit, better: "lower", target, samples: load.profiles });
  const isWhole = load.profiles === 10_000;
  figure(
    isWhole ? "due_10k_profiles_s" : `due_${load.profiles}_profiles_s`,
    seconds,
    "s",
    TARGET_S,
  );
  figure("due_server_cpu_s", (cpu.user + cpu.system) / 1e6, "CPU s");
  figure("due_database_cpu_s", after.cpuSeconds - before.cpuSeconds, "CPU s");
  const perWindow = (key: "transactions" | "walMb") => (after[key] - before[key]) / load.profiles;
  figure("due_transactions_per_window", perWindow("transactions"), "transactions");
  figure("due_wal_kb_per_window", perWindow("walMb") * 1024, "KB");
}

function configOf(uri: string) {
  return readConfig(
    {
      DATABASE_URI: uri,
      SCOUTER_HOME: home,
      SCOUTER_SERVER_PORT: "random",
      SCOUTER_OTLP_HTTP_PORT: "0",
      SCOUTER_OTLP_GRPC_PORT: "0",
      SCOUTER_GRPC_PORT: "0",
      SCOUTER_METRICS_PORT: "0",
      SCOUTER_DEFAULT_PASSWORD: "only for this measurement",
      LOG_LEVEL: "error",
    },
    home,
  );
}

function withTime(database: Database, nowMs: () => Promise<number>): Database {
  const driftWindows = new Proxy(database.driftWindows, {
    get(target, name) {
      if (name === "nowMs") return nowMs;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
  return { ...database, driftWindows };
}

/** Seeding over midnight makes a window of its own, which is not what is measured. */
async function untilAllDone(client: Client, slotMs: number): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ done: string }>(
      "select count(*) as done from scouter.drift_window where status = 'done' and window_end = $1",
      [new Date(slotMs)],
    );
    if (Number(rows[0]?.done) === load.profiles) return;
    await systemClock.sleep(LOOK_MS);
  }
}
