import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { enterAs, guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { acknowledgedMore, startLoad, type Load } from "./acknowledged-load.ts";
import { registerProfile } from "./agent-profile.ts";
import { exportRequest } from "./otlp-request.ts";
import { faults, listedRecordCounts, storedSpanCounts } from "./stored-state.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const LEASE_SECS = 2;
/** For tests in which nobody may lose its lease: a busy machine can stand still for more than two seconds. */
const UNLOSABLE = { SCOUTER_INGEST_LEASE_SECS: "60" };
const admin = { username: "admin", password: "two servers, one lake" };

await onPostgres("two servers on one database and one lake folder", (postgres) => {
  let home: string;
  let env: Record<string, string>;
  const running = new Set<ServerProcess>();

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-two-"));
    env = {
      DATABASE_URI: await postgres.emptyDatabase(),
      SCOUTER_INGEST_LEASE_SECS: String(LEASE_SECS),
      SCOUTER_TRACE_FLUSH_INTERVAL_SECS: "1",
      MAX_POOL_SIZE: "5",
      SCOUTER_OTLP_ANONYMOUS: "true",
      SCOUTER_DEFAULT_PASSWORD: admin.password,
    };
  });
  afterEach(async () => {
    for (const server of running) await server.stop("SIGKILL");
    running.clear();
    await rm(home, { recursive: true, force: true });
  });

  async function start(more: Record<string, string> = {}): Promise<ServerProcess> {
    const server = await startServerProcess({ entry, home, env: { ...env, ...more } });
    running.add(server);
    await enterAs(server.urls.http, admin);
    return server;
  }

  async function stop(...servers: readonly ServerProcess[]): Promise<void> {
    for (const server of servers) {
      expect(await server.stop("SIGTERM")).toEqual({ code: 0, signal: null });
      running.delete(server);
    }
  }

  it("store a request once that is repeated to the other one, and read it from both", async () => {
    const [a, b] = [await start(UNLOSABLE), await start(UNLOSABLE)];
    const request = exportRequest({ spanCount: 5 });
    const lost = await send(a, request.body); // its reply never reaches the sender
    const repeated = await send(b, request.body);
    expect([lost, repeated]).toEqual([200, 200]);
    const { traceId } = request.spans[0] as { traceId: string };
    for (const server of [a, b]) {
      await until(async () => (await spanIdsOf(server, traceId)).length > 0);
      expect((await spanIdsOf(server, traceId)).toSorted()).toEqual(
        request.spans.map(({ spanId }) => spanId).toSorted(),
      );
    }
    await stop(a, b);
    const stored = await storedSpanCounts(home);
    expect(stored).toEqual(new Map(request.spans.map(({ spanId }) => [spanId, 1])));
  });

  it("lose and double nothing when one stands still past its lease and goes on", async () => {
    const [a, b] = [await start(), await start()];
    const loads = await loadOn(a, b);
    for (let round = 1; round <= 2; round += 1) {
      await untilMore(loads, 100);
      process.kill(a.pid, "SIGSTOP");
      const adoptions = replaysOf(b);
      await until(() => replaysOf(b) > adoptions);
      process.kill(a.pid, "SIGCONT");
      await until(() => takeoversOf(a) >= round);
    }
    await untilMore(loads, 100);
    await expectAllOnce(loads, [a, b]);
    expect(replaysOf(b)).toBeGreaterThanOrEqual(2);
  });

  it("lose and double nothing when one is killed: the other takes over while it serves", async () => {
    const [a, b] = [await start(), await start()];
    const loads = await loadOn(a, b);
    await untilMore(loads, 100);
    running.delete(a);
    await a.stop("SIGKILL");
    await until(() => replaysOf(b) > 0);
    const again = await startServerProcess({ entry, home, env, ports: a.ports });
    running.add(again);
    await untilMore(loads, 100);
    await expectAllOnce(loads, [again, b]);
  });

  it("refuse a third one that brings another lake folder", async () => {
    const a = await start(UNLOSABLE);
    const other = await mkdtemp(join(tmpdir(), "scouter-other-"));
    const refused = start({ SCOUTER_STORAGE_URI: other });
    await expect(refused).rejects.toThrow(/exited with 2[^]*SERVER_LAKE_FOREIGN/);
    await rm(other, { recursive: true });
    await stop(a);
  });

  async function loadOn(...servers: readonly ServerProcess[]): Promise<Loads> {
    const [first] = servers as readonly [ServerProcess, ...ServerProcess[]];
    const profileUid = await registerProfile(first.urls.http);
    const loads = servers.map(({ urls }) => {
      const target = { httpUrl: urls.http, otlpUrl: urls.otlpHttp, profileUid };
      return startLoad(target, { spans: 2, records: 1 });
    });
    return { profileUid, loads };
  }

  async function expectAllOnce(
    { profileUid, loads }: Loads,
    servers: readonly ServerProcess[],
  ): Promise<void> {
    await Promise.all(loads.map((load) => load.finish()));
    const listed = await listedRecordCounts(
      (servers.at(-1) as ServerProcess).urls.http,
      profileUid,
    );
    await stop(...servers);
    const stored = await storedSpanCounts(home);
    for (const { acknowledged } of loads) {
      expect(faults(acknowledged.spanIds, stored)).toEqual({ lost: [], doubled: [] });
      expect(faults(acknowledged.recordUids, listed)).toEqual({ lost: [], doubled: [] });
    }
  }
});

interface Loads {
  readonly profileUid: string;
  readonly loads: readonly Load[];
}

/** Every load goes on until it has that many more spans acknowledged. */
async function untilMore({ loads }: Loads, spans: number): Promise<void> {
  await Promise.all(loads.map((load) => acknowledgedMore(load, { spans, records: 0 })));
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function send(server: ServerProcess, body: string): Promise<number> {
  const response = await fetch(`${server.urls.otlpHttp}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

async function spanIdsOf(server: ServerProcess, traceId: string): Promise<readonly string[]> {
  const response = await guestFetch(`${server.urls.http}/scouter/trace/spans?trace_id=${traceId}`);
  const { spans } = (await response.json()) as { readonly spans: { readonly span_id: string }[] };
  return spans.map((span) => span.span_id);
}

function replaysOf(server: ServerProcess): number {
  return server.output().split('"msg":"replayed the log of an ended process"').length - 1;
}

function takeoversOf(server: ServerProcess): number {
  return server.output().split('"msg":"another process took over').length - 1;
}
