import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findPostgres } from "@scouter/testkit/postgres/find-postgres";
import { type PostgresCluster, startCluster } from "@scouter/testkit/postgres/postgres-cluster";
import { enterAs, guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import {
  type ServerProcess,
  startServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { higher, lower } from "../figure/print-figure.ts";
import { pause, runExportLoad } from "./export-load.ts";
import { freshnessFigures } from "./freshness-figures.ts";
import { cpuSeconds, cpuSecondsOfTree, peakResidentMb } from "./process-cpu.ts";
import { progress } from "./progress.ts";
import { requestTemplates } from "./span-shape.ts";

const SPANS_PER_REQUEST = 100;
const TEMPLATES = 200;
const IN_FLIGHT = 32;
const BARE_SECONDS = 15;
const WARM_SECONDS = 5;

export interface IngestOptions {
  readonly minutes: number;
  readonly flushIntervalSecs: number;
}

const entry = fileURLToPath(new URL("../../../apps/server/dist/main.js", import.meta.url));
const admin = { username: "admin", password: "measured by a benchmark" };

/** Servers on a private PostgreSQL and one lake folder: what a span costs on its way in, and when it can be read. */
export async function ingestFigures(options: IngestOptions): Promise<void> {
  const binaries = findPostgres();
  if (binaries === undefined)
    throw new Error("the lake's figures need a PostgreSQL of 15 or newer");
  const postgres = await startCluster(binaries);
  const home = await mkdtemp(join(tmpdir(), "bench-lake-"));
  const env = {
    DATABASE_URI: postgres.uri,
    SCOUTER_TRACE_FLUSH_INTERVAL_SECS: String(options.flushIntervalSecs),
    SCOUTER_OTLP_ANONYMOUS: "true",
    SCOUTER_DEFAULT_PASSWORD: admin.password,
    LOG_LEVEL: "warn",
  };
  const start = async () => {
    const server = await startServerProcess({ entry, home, env });
    await enterAs(server.urls.http, admin);
    return server;
  };
  try {
    const server = await start();
    await throughput(server, postgres, options);
    progress("freshness: a second server");
    const other = await start();
    await freshnessFigures({ server, other, ...options });
    for (const each of [server, other]) await endWell(each);
  } finally {
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function throughput(
  server: ServerProcess,
  postgres: PostgresCluster,
  { minutes }: IngestOptions,
): Promise<void> {
  const templates = requestTemplates(TEMPLATES, SPANS_PER_REQUEST);
  const load = {
    url: `${server.urls.otlpHttp}/v1/traces`,
    templates,
    spansPerRequest: SPANS_PER_REQUEST,
    inFlight: IN_FLIGHT,
  };
  progress("ingest: warming up, then the bare engine");
  const warm = await runExportLoad({ ...load, seconds: WARM_SECONDS });
  const bareBefore = await bareSpansPerCpuSecond();
  await loopDelayP99Ms(server); // the histogram begins anew after each look
  const cpu = () => ({
    server: cpuSeconds(server.pid),
    all: cpuSecondsOfTree(server.pid) + cpuSecondsOfTree(postgres.process.pid ?? 0),
  });
  const before = cpu();
  progress(`ingest: ${minutes} minutes of full load`);
  const result = await runExportLoad({ ...load, seconds: minutes * 60 });
  const delayMs = await loopDelayP99Ms(server);
  await untilFlushed(server);
  const after = cpu();
  const bareAfter = await bareSpansPerCpuSecond();
  const acknowledged = warm.acknowledgedSpans + result.acknowledgedSpans;
  const queryable = await countSpans(server);
  if (queryable !== acknowledged) {
    throw new Error(`${queryable} spans can be read, ${acknowledged} were acknowledged`);
  }
  const perCpuSecond = result.acknowledgedSpans / (after.server - before.server);
  const bare = (bareBefore + bareAfter) / 2;
  const unit = "spans/CPU s";
  higher("ingest_vs_bare_ratio", perCpuSecond / bare, "ratio", 0.8);
  higher("ingest_spans_per_cpu_s_bare", bare, unit, null, 2);
  higher("ingest_spans_per_cpu_s", perCpuSecond, unit, 40_000);
  higher(
    "ingest_full_spans_per_cpu_s",
    result.acknowledgedSpans / (after.all - before.all),
    unit,
    25_000,
  );
  higher(
    "ingest_acknowledged_spans_per_s",
    result.acknowledgedSpans / result.seconds,
    "spans/s",
    null,
  );
  lower("ingest_busy_answers", result.busy, "answers", null);
  lower("serve_rss_mb", peakResidentMb(server.pid), "MB", 1_000);
  lower("loop_delay_p99_ms", delayMs, "ms", 50);
}

async function bareSpansPerCpuSecond(): Promise<number> {
  const script = fileURLToPath(new URL("./bare-writer.ts", import.meta.url));
  const parameters = [BARE_SECONDS, SPANS_PER_REQUEST, TEMPLATES].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=scouter-source",
    script,
    ...parameters,
  ]);
  const { spans, cpuSeconds: seconds } = JSON.parse(stdout) as {
    readonly spans: number;
    readonly cpuSeconds: number;
  };
  return spans / seconds;
}

/** Of the server's event loop since it was last asked, by its own metrics. */
async function loopDelayP99Ms(server: ServerProcess): Promise<number> {
  return (await metric(server, "nodejs_eventloop_lag_p99_seconds")) * 1000;
}

async function untilFlushed(server: ServerProcess): Promise<void> {
  while ((await metric(server, 'scouter_lake_unflushed{unit="spans"}')) > 0) await pause(200);
}

async function metric(server: ServerProcess, name: string): Promise<number> {
  const text = await (await fetch(`${server.urls.metrics}/metrics`)).text();
  const line = text.split("\n").find((row) => row.startsWith(`${name} `));
  if (line === undefined) throw new Error(`the server has no metric ${name}`);
  return Number(line.slice(name.length + 1));
}

async function countSpans(server: ServerProcess): Promise<number> {
  await enterAs(server.urls.http, admin); // a token does not last as long as a long load
  const reply = await guestFetch(`${server.urls.http}/scouter/v2/summary`);
  return ((await reply.json()) as { readonly spans: number }).spans;
}

async function endWell(server: ServerProcess): Promise<void> {
  const exit = await server.stop("SIGTERM");
  if (exit.code !== 0) throw new Error(`the server ended with ${exit.code}:\n${server.output()}`);
}
