import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@scouter/contracts";
import { openPostgres } from "@scouter/database";
import { findPostgres } from "@scouter/testkit/postgres/find-postgres";
import { startCluster } from "@scouter/testkit/postgres/postgres-cluster";
import { enterAs } from "@scouter/testkit/server-process/guest-fetch";
import { startServerProcess } from "@scouter/testkit/server-process/server-process";
import { printFigure } from "../figure/print-figure.ts";
import { postJson } from "../smoke/server-load.ts";
import { heavyRecords, type HeavyRecord } from "./heavy-records.ts";
import { cpuSeconds, mainThreadCpuSeconds } from "./process-cpu.ts";

const entry = fileURLToPath(new URL("../../../apps/server/src/main.ts", import.meta.url));
const admin = { username: "admin", password: "benchmarks only" };
const RECORDS_OF_A_KIND = 10;
/** How long the idle server is watched: on a busy machine its loop is late, too. */
const IDLE_MS = 2_000;
const TARGET_MS = 50;

/** Each kind of heavy record alone, on a server of its own, with threads for them and without. On PostgreSQL only. */
export async function measureHeavy(): Promise<void> {
  const binaries = findPostgres();
  if (binaries === undefined) {
    process.stderr.write("!! LEFT OUT: heavy records, no PostgreSQL is installed\n");
    return;
  }
  for (const record of heavyRecords()) {
    for (const threads of ["0", "2"]) {
      const cluster = await startCluster(binaries);
      try {
        await measureOne(record, threads, cluster.uri);
      } finally {
        await cluster.stop();
      }
    }
  }
}

async function measureOne(record: HeavyRecord, threads: string, uri: string): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "scouter-heavy-"));
  const env = {
    DATABASE_URI: uri,
    SCOUTER_DEFAULT_PASSWORD: admin.password,
    SCOUTER_EVALUATION_THREADS: threads,
    LOG_LEVEL: "error",
  };
  try {
    const idle = await startServerProcess({
      entry,
      home,
      env: { ...env, GENAI_WORKER_COUNT: "0" },
    });
    await enterAs(idle.urls.http, admin);
    await fill(idle.urls.http, record);
    await idle.stop("SIGTERM");
    const server = await startServerProcess({ entry, home, env });
    // The gauge is of the time since it was last asked for: the start is left out, but for the first records.
    await metric(server.urls.metrics, LAG_P99);
    const [cpuBefore, startedMs] = [cpuSeconds([server.pid]), performance.now()];
    const mainBefore = mainThreadCpuSeconds(server.pid);
    await untilEvaluated(uri);
    const tookMs = performance.now() - startedMs;
    const cpu = cpuSeconds([server.pid]) - cpuBefore;
    const mainCpu = mainThreadCpuSeconds(server.pid) - mainBefore;
    const name = `${record.name.replaceAll(/[^\w]+/g, "_")}_threads_${threads}`;
    const target = threads === "0" ? null : TARGET_MS;
    const lower = (figure: string, value: number, unit: string, aim: number | null) =>
      printFigure({
        name: `heavy_${figure}_${name}`,
        value,
        unit,
        better: "lower",
        target: aim,
        samples: RECORDS_OF_A_KIND,
      });
    lower("loop_p99_ms", (await metric(server.urls.metrics, LAG_P99)) * 1000, "ms", target);
    await systemClock.sleep(IDLE_MS);
    lower("loop_p99_idle_ms", (await metric(server.urls.metrics, LAG_P99)) * 1000, "ms", null);
    // Of the thread that ingest shares: unlike the lag, it is the same on a busy machine.
    lower("main_thread_cpu_ms", (mainCpu * 1000) / RECORDS_OF_A_KIND, "ms", null);
    lower("record_ms", tookMs / RECORDS_OF_A_KIND, "ms", null);
    lower("record_cpu_ms", (cpu * 1000) / RECORDS_OF_A_KIND, "ms", null);
    await server.stop("SIGTERM");
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const LAG_P99 = "nodejs_eventloop_lag_p99_seconds";

async function fill(httpUrl: string, { tasks, context }: HeavyRecord): Promise<void> {
  const profile = {
    config: { space: "bench", name: "heavy", version: "0.0.0", uid: randomUUID() },
    tasks,
    scouter_version: "0.1.0",
    task_ids: tasks.assertion.map(({ id }) => id),
    workflow: null,
  };
  const reply = await postJson(`${httpUrl}/scouter/profile`, {
    space: "bench",
    drift_type: "Agent",
    profile: JSON.stringify(profile),
    version_request: { version: null, version_type: "Minor" },
    active: true,
  });
  const { uid: entity_uid } = (await reply.json()) as { uid: string };
  for (let sent = 0; sent < RECORDS_OF_A_KIND; sent += 1) {
    const created_at = new Date().toISOString();
    const record = { created_at, uid: randomUUID(), context, entity_uid };
    await postJson(`${httpUrl}/scouter/message`, { records: [{ AgentEval: { record } }] });
  }
}

/** The database is asked: asking the server for its lag begins it anew. */
async function untilEvaluated(uri: string): Promise<void> {
  const database = await openPostgres({ uri, clock: systemClock, connectTimeoutMs: 60_000 });
  try {
    for (;;) {
      const { processed, failed } = await database.evalRecords.counts();
      if (failed > 0) throw new Error(`${failed} records failed`);
      if (processed === RECORDS_OF_A_KIND) return;
      await systemClock.sleep(100);
    }
  } finally {
    await database.close();
  }
}

async function metric(metricsUrl: string | null, name: string): Promise<number> {
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]);
}
