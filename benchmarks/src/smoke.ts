/**
 * The whole server in small: start times, memory, disk after sustained load, acknowledged and queryable spans a second,
 * and the time from a record to its stored result. Options: `--minutes N` of sustained load (default 10).
 */
import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startServerProcess } from "@scouter/testkit/server-process/server-process";
import { printFigure, quantile } from "./figure/print-figure.ts";
import { folderMb, residentMb } from "./smoke/process-memory.ts";
import {
  type LoadTarget,
  postJson,
  recordMessage,
  recordToResultMs,
  registerProfile,
} from "./smoke/server-load.ts";
import { runSpanLoad } from "./smoke/span-load.ts";

const { values: options } = parseArgs({
  options: { minutes: { type: "string", default: "10" } },
});
const minutes = Number(options.minutes);
const entry = fileURLToPath(new URL("../../apps/server/dist/main.js", import.meta.url));
const home = await mkdtemp(join(tmpdir(), "scouter-smoke-"));

const lower = (name: string, value: number, unit: string, target: number | null, samples = 1) =>
  printFigure({ name, value, unit, better: "lower", target, samples });
const higher = (name: string, value: number, unit: string, target: number | null, samples = 1) =>
  printFigure({ name, value, unit, better: "higher", target, samples });

queueInsertion();
try {
  const first = await startServerProcess({ entry, home });
  lower("start_first_s", first.readyAfterMs / 1000, "s", 6);
  await first.stop("SIGTERM");
  const server = await startServerProcess({ entry, home });
  lower("start_second_s", server.readyAfterMs / 1000, "s", 3);
  await pause(10_000);
  lower("idle_rss_mb", residentMb(server.pid), "MB", 350);

  const profileUid = await registerProfile(server.urls.http);
  const target: LoadTarget = {
    httpUrl: server.urls.http,
    otlpUrl: `${server.urls.otlpHttp}/v1/traces`,
    profileUid,
  };
  await recordToResultMs(target);
  const latencies: number[] = [];
  for (let index = 0; index < 200; index += 1) latencies.push(await recordToResultMs(target));
  lower("record_to_result_p50_ms", quantile(latencies, 0.5), "ms", null, latencies.length);
  lower("record_to_result_p95_ms", quantile(latencies, 0.95), "ms", 100, latencies.length);

  await throughput(target);
  await sustained(target, server.pid);
  const exit = await server.stop("SIGTERM");
  if (exit.code !== 0) throw new Error(`the server ended with ${exit.code}:\n${server.output()}`);
} finally {
  await rm(home, { recursive: true, force: true });
}

/** The suite of the SDK's queue, in a process of its own: nothing of this one may disturb nanoseconds. */
function queueInsertion(): void {
  const suite = fileURLToPath(new URL("./queue.ts", import.meta.url));
  const { status } = spawnSync(process.execPath, ["--conditions=scouter-source", suite], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error(`the queue's suite ended with ${status}`);
}

/** As fast as the server answers for 20 s; then everything acknowledged must be countable. */
async function throughput(target: LoadTarget): Promise<void> {
  const before = await spanCount(target);
  const started = performance.now();
  const load = await runSpanLoad({ url: target.otlpUrl, inFlight: 16, seconds: 20 });
  const queryable = (await spanCount(target)) - before;
  const seconds = (performance.now() - started) / 1000;
  if (queryable !== load.acknowledgedSpans) {
    throw new Error(`${load.acknowledgedSpans} spans acknowledged, ${queryable} queryable`);
  }
  higher("acknowledged_spans_per_s", load.acknowledgedSpans / load.seconds, "spans/s", null);
  higher("queryable_spans_per_s", queryable / seconds, "spans/s", null);
  lower("busy_replies", load.refusals, "replies", null);
}

/** A steady load of spans and records; disk and memory after it must be bounded, not proportional to time. */
async function sustained(target: LoadTarget, pid: number): Promise<void> {
  const seconds = minutes * 60;
  let records = 0;
  const deadline = performance.now() + seconds * 1000;
  const sendRecords = async () => {
    while (performance.now() < deadline) {
      await postJson(`${target.httpUrl}/scouter/message`, recordMessage(target, 10).message);
      records += 10;
      await pause(200);
    }
  };
  const [spans] = await Promise.all([
    runSpanLoad({ url: target.otlpUrl, inFlight: 4, seconds, spansPerSecond: 2_000 }),
    sendRecords(),
  ]);
  lower("home_after_load_mb", await folderMb(home), "MB", null);
  lower("load_minutes", minutes, "min", null);
  higher("load_spans", spans.acknowledgedSpans, "spans", null);
  higher("load_records", records, "records", null);
  lower("rss_after_load_mb", residentMb(pid), "MB", 1000);
}

async function spanCount(target: LoadTarget): Promise<number> {
  const reply = await guestFetch(`${target.httpUrl}/scouter/v2/summary`);
  return ((await reply.json()) as { spans: number }).spans;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
