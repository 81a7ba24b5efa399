import { randomBytes } from "node:crypto";
import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import type { ServerProcess } from "@scouter/testkit/server-process/server-process";
import { lower, quantile } from "../figure/print-figure.ts";
import { pause, runExportLoad } from "./export-load.ts";
import { requestTemplates } from "./span-shape.ts";

const PROBES = 100;
const PROBE_EVERY_MS = 200;
const SPANS_PER_SECOND = 2_000;
const GIVE_UP_MS = 60_000;

export interface FreshnessOptions {
  readonly server: ServerProcess;
  /** A second one on the same database and lake. */
  readonly other: ServerProcess;
  readonly flushIntervalSecs: number;
}

/** From the end of a span to an answer that holds it, under a steady load: at the pod it was sent to and at another. */
export async function freshnessFigures(options: FreshnessOptions): Promise<void> {
  const { server, other, flushIntervalSecs } = options;
  const load = runExportLoad({
    url: `${server.urls.otlpHttp}/v1/traces`,
    templates: requestTemplates(20, 100),
    spansPerRequest: 100,
    inFlight: 4,
    seconds: (PROBES * PROBE_EVERY_MS) / 1000,
    spansPerSecond: SPANS_PER_SECOND,
  });
  const probes: Promise<{ readonly same: number; readonly other: number }>[] = [];
  for (let probe = 0; probe < PROBES; probe += 1) {
    probes.push(freshness(server, other));
    await pause(PROBE_EVERY_MS);
  }
  const waits = await Promise.all(probes);
  await load;
  const p99 = (pick: "same" | "other") =>
    quantile(
      waits.map((wait) => wait[pick]),
      0.99,
    );
  lower("fresh_same_pod_p99_ms", p99("same"), "ms", 1_000, PROBES);
  lower("fresh_other_pod_p99_ms", p99("other"), "ms", flushIntervalSecs * 1000 + 1_000, PROBES);
}

async function freshness(server: ServerProcess, other: ServerProcess) {
  const traceId = randomBytes(16).toString("hex");
  const endedAt = Date.now();
  const sent = sendSpan(server, traceId, endedAt);
  const [same, elsewhere] = await Promise.all([
    untilReadable(server, traceId, endedAt),
    untilReadable(other, traceId, endedAt),
    sent,
  ]);
  return { same, other: elsewhere };
}

async function untilReadable(server: ServerProcess, traceId: string, endedAt: number) {
  const url = `${server.urls.http}/scouter/trace/spans?trace_id=${traceId}`;
  for (;;) {
    const reply = await guestFetch(url);
    const text = await reply.text();
    const waitedMs = Date.now() - endedAt;
    if (!reply.ok) throw new Error(`${url} answered ${reply.status}: ${text}`);
    const { spans } = JSON.parse(text) as { readonly spans: readonly unknown[] };
    if (spans.length > 0) return waitedMs;
    if (waitedMs > GIVE_UP_MS) throw new Error(`trace ${traceId} cannot be read after a minute`);
    await pause(25);
  }
}

async function sendSpan(server: ServerProcess, traceId: string, endedAt: number): Promise<void> {
  const span = {
    traceId,
    spanId: randomBytes(8).toString("hex"),
    name: "probe",
    kind: 1,
    startTimeUnixNano: String(BigInt(endedAt - 5) * 1_000_000n),
    endTimeUnixNano: String(BigInt(endedAt) * 1_000_000n),
  };
  const reply = await fetch(`${server.urls.otlpHttp}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  await reply.arrayBuffer();
  if (reply.status !== 200) throw new Error(`a probe was answered with ${reply.status}`);
}
