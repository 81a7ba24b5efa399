/**
 * How long a window waits: from the moment at which it may be computed (its end and ten seconds, in which rows may still
 * come) to its stored result, by the database's clock. A whole server on a PostgreSQL of its own, both on this machine;
 * profiles whose windows end every few seconds, all at the same moment.
 *
 * Options: `--profiles N` (default 20), `--seconds N` (default 60: how long windows are counted).
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type JsonObject, systemClock } from "@scouter/contracts";
import { openPostgres } from "@scouter/database";
import { createCustomProfile } from "@scouter/drift";
import { compose, readConfig } from "@scouter/server";
import { findPostgres } from "@scouter/testkit/postgres/find-postgres";
import { startCluster } from "@scouter/testkit/postgres/postgres-cluster";
import { Client } from "pg";
import { printFigure } from "./figure/print-figure.ts";

const { values: options } = parseArgs({
  options: {
    profiles: { type: "string", default: "20" },
    seconds: { type: "string", default: "60" },
  },
});
const profiles = Number(options.profiles);
const seconds = Number(options.seconds);
const EVERY_SECONDS = 3;
const GRACE_SECONDS = 10;
const TARGET_MS = 1000;
/** The first windows meet a server that has just started: they are not counted. */
const WARM_SECONDS = 15;

const binaries = findPostgres();
if (binaries === undefined) throw new Error("no PostgreSQL 15 or newer found (install postgresql)");
const cluster = await startCluster(binaries);
const home = await mkdtemp(join(tmpdir(), "scouter-due-delay-"));
try {
  report(await delaysOn(cluster.uri));
} finally {
  await cluster.stop();
  await rm(home, { recursive: true, force: true });
}

/** Milliseconds of every window that ended while it was counted, ascending. */
async function delaysOn(uri: string): Promise<readonly number[]> {
  const database = await openPostgres({ uri, clock: systemClock });
  for (let number = 0; number < profiles; number += 1) {
    await database.profiles.register({
      space: "bench",
      name: `model-${number}`,
      driftType: "Custom",
      profile: profileBody(number),
      versionRequest: { version_type: "Minor" },
      active: true,
      deactivateOthers: false,
    });
  }
  await database.close();
  const environment = {
    DATABASE_URI: uri,
    SCOUTER_HOME: home,
    SCOUTER_SERVER_PORT: "random",
    SCOUTER_OTLP_HTTP_PORT: "0",
    SCOUTER_OTLP_GRPC_PORT: "0",
    SCOUTER_GRPC_PORT: "0",
    SCOUTER_METRICS_PORT: "0",
    SCOUTER_DEFAULT_PASSWORD: "only for this measurement",
    LOG_LEVEL: "error",
  };
  const server = compose(readConfig(environment, home));
  await server.start();
  const client = new Client({ connectionString: uri });
  await client.connect();
  await systemClock.sleep((GRACE_SECONDS + WARM_SECONDS) * 1000);
  const { rows: begin } = await client.query<{ now: Date }>("select now()");
  await systemClock.sleep((seconds + GRACE_SECONDS + TARGET_MS / 1000) * 1000);
  const { rows } = await client.query<{ ms: number }>(
    `select extract(epoch from ended_at - window_end)::float8 * 1000 - $1 as ms
     from scouter.drift_window
     where status = 'done' and window_end > $2::timestamptz
       and window_end <= $2::timestamptz + make_interval(secs => $3)
     order by 1`,
    [GRACE_SECONDS * 1000, begin[0]?.now, seconds],
  );
  const { rows: open } = await client.query<{ open: string }>(
    `select count(*) as open from scouter.drift_window
     where status <> 'done' and window_end <= $1::timestamptz + make_interval(secs => $2)`,
    [begin[0]?.now, seconds],
  );
  if (open[0]?.open !== "0") console.error(`${open[0]?.open} windows had not ended`);
  await client.end();
  await server.stop("measured");
  return rows.map(({ ms }) => ms);
}

function profileBody(number: number): JsonObject {
  const profile = createCustomProfile({
    uid: "0194f0c3-7c5e-7000-8000-000000000000",
    scouterVersion: "bench",
    space: "bench",
    name: `model-${number}`,
    metrics: [{ name: "mae", baseline: 1, threshold: "Above", delta: 1 }],
    alert: { schedule: `*/${EVERY_SECONDS} * * * * *` },
  });
  return profile as unknown as JsonObject;
}

function report(delays: readonly number[]): void {
  const figure = { unit: "ms", better: "lower" as const, samples: delays.length };
  for (const [name, share] of [
    ["p50", 0.5],
    ["p95", 0.95],
    ["p99", 0.99],
    ["max", 1],
  ] as const) {
    const value = delays[Math.max(0, Math.ceil(share * delays.length) - 1)] ?? NaN;
    printFigure({
      ...figure,
      name: `due_delay_${name}_ms`,
      value,
      target: name === "p99" ? TARGET_MS : null,
    });
  }
}
