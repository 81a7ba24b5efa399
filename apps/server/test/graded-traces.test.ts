import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { registerProfile } from "./agent-profile.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const READY_MS = 120_000;

let home: string;
let server: ServerProcess;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-graded-"));
  server = await startServerProcess({
    entry,
    home,
    readyTimeoutMs: READY_MS,
    env: { TRACE_EVAL_PROFILE_CACHE_TTL_SECS: "0", TRACE_STALE_THRESHOLD_SECONDS: "0.5" },
  });
}, READY_MS);
afterAll(async () => {
  await server.stop("SIGKILL");
  await rm(home, { recursive: true, force: true });
});

const url = (path: string) => `${server.urls.http}${path}`;

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const reply = await guestFetch(url(path), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(reply.status).toBe(200);
  return (await reply.json()) as Record<string, unknown>;
}

interface Span {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly entityUid?: string;
  readonly kind?: number;
  readonly service?: string;
}

function send(traceId: string, ...spans: readonly Span[]) {
  const nowNano = BigInt(Date.now()) * 1_000_000n;
  const resourceSpans = spans.map(({ service = "agent", entityUid, ...span }) => ({
    resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
    scopeSpans: [
      {
        scope: { name: "test" },
        spans: [
          {
            traceId,
            kind: 1,
            startTimeUnixNano: String(nowNano),
            endTimeUnixNano: String(nowNano + 5_000_000n),
            ...span,
            attributes:
              entityUid === undefined
                ? []
                : [{ key: `scouter.entity.${entityUid}`, value: { stringValue: entityUid } }],
          },
        ],
      },
    ],
  }));
  return post("/v1/traces", { resourceSpans });
}

interface Graded {
  readonly uid: string;
  readonly status: string;
  readonly record_source: string;
  readonly trace_id: string;
}

/** The records of the profile, as soon as there are some and all are done. */
async function gradedRecords(profile: string): Promise<readonly Graded[]> {
  for (;;) {
    const page = await post("/scouter/agent/page/record", {
      service_info: { space: "support", uid: profile },
    });
    const items = page["items"] as readonly Graded[];
    if (items.length > 0 && items.every(({ status }) => status === "Processed")) return items;
    await pause(100);
  }
}

it("grades a trace by itself once it is whole, and lists and maps it", async () => {
  const task = (id: string, expected_value: number) => ({
    id,
    assertion: { TraceSpanCount: {} },
    operator: "Equals",
    expected_value,
    task_type: "TraceAssertion",
  });
  const name = `graded-${randomBytes(3).toString("hex")}`;
  const entityUid = await registerProfile(server.urls.http, name, { trace: [task("spans", 3)] });
  const traceId = randomBytes(16).toString("hex");
  const [root = "", call = "", served = ""] = Array.from({ length: 3 }, () =>
    randomBytes(8).toString("hex"),
  );
  await send(
    traceId,
    { name: "call", spanId: call, parentSpanId: root, kind: 3 },
    { name: "GET /tool", spanId: served, parentSpanId: call, kind: 2, service: "tool" },
  );
  await send(traceId, { name: "root", spanId: root, entityUid });

  expect(await gradedRecords(entityUid)).toMatchObject([
    { record_source: "TraceDispatch", trace_id: traceId, status: "Processed" },
  ]);
  const list = await post("/scouter/trace/paginated", { entity_uid: entityUid });
  expect(list["items"]).toMatchObject([
    { trace_id: traceId, span_count: 3, root_operation: "root", entity_ids: [entityUid] },
  ]);
  const graph = await guestFetch(url("/scouter/service/graph?service_name=tool"));
  expect(((await graph.json()) as { edges: readonly object[] }).edges).toMatchObject([
    { source_service: "agent", destination_service: "tool", endpoint: "GET /tool", total_calls: 1 },
  ]);
}, 120_000);
