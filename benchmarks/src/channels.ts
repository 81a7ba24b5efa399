/**
 * Whether a saturated channel of spans delays a record: the time from sending one record to its being stored, first
 * alone, then while far more export requests come than the channel takes. Both share the machine's cores, so what is
 * left of a difference is the CPU that spans cost, not a queue. Options: `--seconds N` of each part (default 10).
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { startServerProcess } from "@scouter/testkit/server-process/server-process";
import type { TraceFloodInput, TraceFloodResult } from "./channels/trace-flood.ts";
import { printFigure, quantile } from "./figure/print-figure.ts";
import { postJson, recordMessage, registerProfile, type LoadTarget } from "./smoke/server-load.ts";

const { values: options } = parseArgs({ options: { seconds: { type: "string", default: "10" } } });
const durationMs = Number(options.seconds) * 1000;
const entry = fileURLToPath(new URL("../../apps/server/src/main.ts", import.meta.url));
const home = await mkdtemp(join(tmpdir(), "scouter-channels-"));
/** More than the channel holds. */
const EXPORTS_AT_ONCE = 700;
const PAUSE_MS = 20;

try {
  const server = await startServerProcess({ entry, home, env: { GENAI_WORKER_COUNT: "0" } });
  const profileUid = await registerProfile(server.urls.http);
  const otlpUrl = `${server.urls.otlpHttp}/v1/traces`;
  const target: LoadTarget = { httpUrl: server.urls.http, otlpUrl, profileUid };
  await recordTimes(target, 1_000);

  const metricsUrl = `${server.urls.metrics}/metrics`;
  const atFirst = await channelWait(metricsUrl);
  const alone = await recordTimes(target, durationMs);
  const afterAlone = await channelWait(metricsUrl);
  lower("record_alone_p50_ms", quantile(alone, 0.5), alone.length);
  lower("record_alone_p99_ms", quantile(alone, 0.99), alone.length);

  const input: TraceFloodInput = { url: otlpUrl, requestsAtOnce: EXPORTS_AT_ONCE };
  const flood = new Worker(new URL("./channels/trace-flood.ts", import.meta.url), {
    workerData: input,
  });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const atFlood = await channelWait(metricsUrl);
  const beside = await recordTimes(target, durationMs);
  const afterFlood = await channelWait(metricsUrl);
  const result = new Promise<TraceFloodResult>((resolve) => flood.once("message", resolve));
  flood.postMessage("stop");
  const { refused, taken } = await result;
  await flood.terminate();
  if (refused === 0)
    throw new Error("the channel of spans was never full: the figure means nothing");
  lower("record_beside_full_traces_p50_ms", quantile(beside, 0.5), beside.length);
  lower("record_beside_full_traces_p99_ms", quantile(beside, 0.99), beside.length);
  lower("record_channel_wait_alone_ms", meanWaitMs(atFirst, afterAlone), alone.length);
  lower(
    "record_channel_wait_beside_full_traces_ms",
    meanWaitMs(atFlood, afterFlood),
    beside.length,
  );
  lower("refused_traces", refused, taken + refused, "requests");
  await server.stop("SIGKILL");
} finally {
  await rm(home, { recursive: true, force: true });
}

async function recordTimes(target: LoadTarget, forMs: number): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    const { message } = recordMessage(target, 1);
    const started = performance.now();
    await postJson(`${target.httpUrl}/scouter/message`, message);
    times.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return times;
}

interface ChannelWait {
  readonly seconds: number;
  readonly messages: number;
}

/** How long messages of records waited for a consumer, as the server counts it: no other process' CPU is in it. */
async function channelWait(metricsUrl: string): Promise<ChannelWait> {
  const text = await (await fetch(metricsUrl)).text();
  const valueOf = (name: string) =>
    Number(new RegExp(`^${name}\\{channel="records"\\} (.*)$`, "m").exec(text)?.[1] ?? 0);
  return {
    seconds: valueOf("scouter_channel_wait_seconds_sum"),
    messages: valueOf("scouter_channel_wait_seconds_count"),
  };
}

function meanWaitMs(before: ChannelWait, after: ChannelWait): number {
  return ((after.seconds - before.seconds) / (after.messages - before.messages)) * 1000;
}

function lower(name: string, value: number, samples: number, unit = "ms"): void {
  printFigure({ name, value, unit, better: "lower", target: null, samples });
}
