import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPostgres } from "@scouter/testkit/postgres/find-postgres";
import { startCluster } from "@scouter/testkit/postgres/postgres-cluster";
import { enterAs } from "@scouter/testkit/server-process/guest-fetch";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { printFigure, quantile } from "../figure/print-figure.ts";
import {
  postJson,
  recordMessage,
  recordToResultMs,
  registerProfile,
  type LoadTarget,
} from "../smoke/server-load.ts";
import { cpuSeconds } from "./process-cpu.ts";
import { registerTracedProfile, spanToResultMs } from "./span-to-result.ts";

const entry = fileURLToPath(new URL("../../../apps/server/src/main.ts", import.meta.url));
const admin = { username: "admin", password: "benchmarks only" };
const RECORDS_A_MESSAGE = 500;
/** Before the measured stretch begins: start and warming up are not what is asked for. */
const WARM_SHARE = 0.2;
/** As short as it may be: what is measured lies beyond it. */
const QUIET_MS = 200;

export interface OnlineOptions {
  readonly records: number;
  readonly latencies: number;
}

/** The same measurements on the embedded database and, where it is installed, on PostgreSQL. */
export async function measureOnline(options: OnlineOptions): Promise<void> {
  await onStore("pglite", {}, [], options);
  const binaries = findPostgres();
  if (binaries === undefined) {
    process.stderr.write("!! LEFT OUT: figures on PostgreSQL, none is installed\n");
    return;
  }
  const cluster = await startCluster(binaries);
  try {
    const pid = cluster.process.pid ?? -1;
    await onStore(
      "postgres",
      { DATABASE_URI: cluster.uri, SCOUTER_DEFAULT_PASSWORD: admin.password },
      [pid],
      options,
    );
  } finally {
    await cluster.stop();
  }
}

async function onStore(
  store: "pglite" | "postgres",
  database: Readonly<Record<string, string>>,
  databasePids: readonly number[],
  { records, latencies }: OnlineOptions,
): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "scouter-evaluate-"));
  const env = {
    ...database,
    SCOUTER_OTLP_ANONYMOUS: "true",
    SCOUTER_TRACE_QUIET_MILLIS: String(QUIET_MS),
    LOG_LEVEL: "warn",
  };
  const start = async (more: Readonly<Record<string, string>>) => {
    const server = await startServerProcess({ entry, home, env: { ...env, ...more } });
    if (store === "postgres") await enterAs(server.urls.http, admin);
    return server;
  };
  try {
    const idle = await start({ GENAI_WORKER_COUNT: "0" });
    const target = await filledServer(idle, records);
    await ended(idle);
    const server = await start({});
    await throughput(store, server, databasePids, records);
    await latency(store, { ...target, ...addressesOf(server) }, latencies);
    await ended(server);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** A server that evaluates nothing, with records that wait. */
async function filledServer(server: ServerProcess, records: number): Promise<LoadTarget> {
  const profileUid = await registerProfile(server.urls.http);
  const target = { ...addressesOf(server), profileUid };
  for (let sent = 0; sent < records; sent += RECORDS_A_MESSAGE) {
    const { message } = recordMessage(target, Math.min(RECORDS_A_MESSAGE, records - sent));
    await postJson(`${target.httpUrl}/scouter/message`, message);
  }
  return target;
}

/** From the moment at which a part is evaluated to the end, so that the start of the process is left out. */
async function throughput(
  store: string,
  server: ServerProcess,
  databasePids: readonly number[],
  records: number,
): Promise<void> {
  const pids = [server.pid, ...databasePids];
  const begin = await evaluatedAtLeast(server, records * WARM_SHARE);
  const [cpuBefore, msBefore] = [cpuSeconds(pids), performance.now()];
  const databaseBefore = cpuSeconds(databasePids);
  const end = await evaluatedAtLeast(server, records);
  const count = end - begin;
  const higher = (name: string, value: number, unit: string, target: number | null) =>
    printFigure({
      name: `${name}_${store}`,
      value,
      unit,
      better: "higher",
      target,
      samples: count,
    });
  const target = store === "postgres" ? 3_000 : null;
  const cpu = cpuSeconds(pids) - cpuBefore;
  higher("online_records_per_core_s", count / cpu, "records/s", target);
  higher(
    "online_records_per_s",
    (count * 1000) / (performance.now() - msBefore),
    "records/s",
    null,
  );
  if (databasePids.length > 0) {
    const share = (cpuSeconds(databasePids) - databaseBefore) / cpu;
    printFigure({
      name: "online_database_cpu_share",
      value: share,
      unit: "of 1",
      better: "lower",
      target: null,
      samples: count,
    });
  }
}

/** By the server's own count: asking the database would cost it what is measured. */
async function evaluatedAtLeast(server: ServerProcess, wanted: number): Promise<number> {
  for (;;) {
    const text = await (await fetch(`${server.urls.metrics}/metrics`)).text();
    const count = (outcome: string) =>
      Number(
        new RegExp(`scouter_evaluated_records_total{outcome="${outcome}"} (\\d+)`).exec(
          text,
        )?.[1] ?? 0,
      );
    if (count("given up") > 0) throw new Error(`records failed:\n${server.output()}`);
    if (count("done") >= wanted) return count("done");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function latency(store: string, target: LoadTarget, samples: number): Promise<void> {
  await recordToResultMs(target);
  const plain: number[] = [];
  for (let index = 0; index < samples; index += 1) plain.push(await recordToResultMs(target));
  printQuantiles(`record_to_result`, store, plain, 100);
  const traced = { ...target, profileUid: await registerTracedProfile(target.httpUrl) };
  await spanToResultMs(traced);
  const beyond: number[] = [];
  for (let index = 0; index < samples / 4; index += 1) {
    beyond.push((await spanToResultMs(traced)) - QUIET_MS);
  }
  printQuantiles("span_to_result", store, beyond, 500);
}

function printQuantiles(name: string, store: string, values: readonly number[], p95: number): void {
  for (const [label, q] of [
    ["p50", 0.5],
    ["p95", 0.95],
    ["p99", 0.99],
  ] as const) {
    printFigure({
      name: `${name}_${label}_ms_${store}`,
      value: quantile(values, q),
      unit: "ms",
      better: "lower",
      target: label === "p95" ? p95 : null,
      samples: values.length,
    });
  }
}

function addressesOf({ urls }: ServerProcess) {
  return { httpUrl: urls.http, otlpUrl: `${urls.otlpHttp}/v1/traces` };
}

async function ended(server: ServerProcess): Promise<void> {
  const { code } = await server.stop("SIGTERM");
  if (code !== 0) throw new Error(`the server ended with ${code}:\n${server.output()}`);
}
