import { randomBytes, randomUUID } from "node:crypto";
import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { postJson, type LoadTarget } from "../smoke/server-load.ts";

const SPANS = 8;
const LIMIT_MS = 60_000;

/** An agent profile of two trace assertions. */
export async function registerTracedProfile(httpUrl: string): Promise<string> {
  const trace = [
    { id: "spans", assertion: { TraceSpanCount: {} }, operator: "Equals", expected_value: SPANS },
    { id: "errors", assertion: { TraceErrorCount: {} }, operator: "IsZero", expected_value: null },
  ];
  const profile = {
    config: {
      space: "bench",
      name: "traced",
      version: "0.0.0",
      uid: randomUUID(),
      drift_type: "Agent",
    },
    tasks: { assertion: [], judge: [], trace, agent: [] },
    scouter_version: "0.1.0",
    task_ids: trace.map(({ id }) => id).sort(),
    workflow: null,
  };
  const reply = await postJson(`${httpUrl}/scouter/profile`, {
    space: "bench",
    drift_type: "Agent",
    profile: JSON.stringify(profile),
    version_request: { version: null, version_type: "Minor" },
    active: true,
  });
  return ((await reply.json()) as { uid: string }).uid;
}

/**
 * Milliseconds from sending the last span of a record's trace to its results being readable. Record and first spans are
 * there before, as they are when an agent works: its last span is its root.
 */
export async function spanToResultMs(target: LoadTarget): Promise<number> {
  const traceId = randomBytes(16).toString("hex");
  const uid = randomUUID();
  const ids = Array.from({ length: SPANS }, () => randomBytes(8).toString("hex"));
  const [root, ...children] = ids.map((spanId, index) => ({
    traceId,
    spanId,
    parentSpanId: index === 0 ? "" : (ids[0] ?? ""),
    name: `step ${index}`,
    startTimeUnixNano: String(BigInt(Date.now() - 50) * 1_000_000n),
    endTimeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
    status: { code: 1 },
  }));
  await postJson(`${target.httpUrl}/scouter/message`, {
    records: [
      {
        AgentEval: {
          record: {
            created_at: new Date().toISOString(),
            uid,
            context: {},
            trace_id: traceId,
            entity_uid: target.profileUid,
          },
        },
      },
    ],
  });
  await exportSpans(target.otlpUrl, children);
  await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 400));
  const started = performance.now();
  await exportSpans(target.otlpUrl, [root]);
  for (;;) {
    const reply = await guestFetch(`${target.httpUrl}/scouter/agent/task?record_uid=${uid}`);
    const { tasks } = (await reply.json()) as { tasks: readonly { readonly passed: boolean }[] };
    const ms = performance.now() - started;
    if (tasks.length > 0) {
      if (tasks.every(({ passed }) => passed)) return ms;
      throw new Error(`a trace of ${SPANS} spans was judged too early`);
    }
    if (ms > LIMIT_MS) throw new Error(`no result within ${LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function exportSpans(url: string, spans: readonly unknown[]): Promise<void> {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "agent" } }] };
  const body = { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] };
  const reply = await postJson(url, body);
  await reply.arrayBuffer();
}
